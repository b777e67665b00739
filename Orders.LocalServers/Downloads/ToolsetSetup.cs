namespace Orders.LocalServers.Downloads;

/// <summary>Runs the steps that are not done yet, a few at a time.</summary>
internal sealed class ToolsetSetup(string root, IProgress<string> progress)
{
    private const int Lanes = 3;

    private const string Unfinished = ".unfinished-";

    private int _started;

    public async Task<Toolset> EnsureAsync(CancellationToken cancellationToken)
    {
        var folders = new ToolFolders(root, PinnedVersions.Read());
        var steps = ToolSteps.All(folders);
        var complete = steps.All(step => step.IsDone);
        Machine.Require(fetch: !complete);
        if (!complete)
        {
            Directory.CreateDirectory(root);
            using var exclusive = await FileLock.TakeAsync(
                Path.Combine(root, ".lock"),
                () => progress.Report("servers: waiting for another process that is unpacking the servers ..."),
                cancellationToken);
            await RunAsync([.. steps.Where(step => !step.IsDone)], cancellationToken);
        }

        return new Toolset(folders);
    }

    private async Task RunAsync(IReadOnlyList<ToolStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count == 0)
        {
            return;
        }

        DeleteLeftOvers();
        progress.Report($"servers: fetching the servers into {root}: {steps.Count} steps, once per version ...");
        var start = TimeProvider.System.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(steps, options, async (step, token) => await RunAsync(step, steps.Count, token));
        progress.Report($"servers: all tools are in place after {Seconds(start)}");
    }

    private async Task RunAsync(ToolStep step, int count, CancellationToken cancellationToken)
    {
        var label = $"servers: {step.Title} ({Interlocked.Increment(ref _started)}/{count})";
        progress.Report($"{label} ...");
        var start = TimeProvider.System.GetTimestamp();
        var staging = $"{Unfinished}{Path.GetFileName(step.Folder)}-{Guid.NewGuid():N}";
        await step.RunAsync(Path.Combine(root, staging), cancellationToken);
        progress.Report($"{label} done in {Seconds(start)}");
    }

    private void DeleteLeftOvers()
    {
        foreach (var folder in Directory.GetDirectories(root, Unfinished + "*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException error)
            {
                progress.Report($"servers: {folder}, left by an interrupted start, stays until the next one: {error.Message}");
            }
        }
    }

    private static string Seconds(long start) =>
        FormattableString.Invariant($"{TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
}

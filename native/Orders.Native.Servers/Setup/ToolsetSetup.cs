namespace Orders.Native.Servers.Setup;

/// <summary>Runs the steps that are not done yet, a few at a time.</summary>
internal sealed class ToolsetSetup(NativeLayout layout, string packagesFolder, IProgress<string> progress)
{
    // One lane for the long compile of librdkafka, one for everything else.
    private const int Lanes = 2;

    private const string Unfinished = ".unfinished-";

    private int _started;

    public async Task<NativeToolset> EnsureAsync(CancellationToken cancellationToken)
    {
        var folders = new ToolFolders(layout, PinnedVersions.Read(packagesFolder));
        var steps = ToolSteps.All(folders, packagesFolder);
        var complete = steps.All(step => step.IsDone);
        Machine.Require(build: !complete);
        if (!complete)
        {
            Directory.CreateDirectory(layout.Tools);
            using var exclusive = await FileLock.TakeAsync(
                Path.Combine(layout.Tools, ".lock"),
                () => progress.Report("native: waiting for another process that is unpacking the servers ..."),
                cancellationToken);
            await RunAsync([.. steps.Where(step => !step.IsDone)], cancellationToken);
        }

        return new NativeToolset(layout, folders, Machine.JavaPath);
    }

    private async Task RunAsync(IReadOnlyList<ToolStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count == 0)
        {
            return;
        }

        DeleteLeftOvers();
        progress.Report($"native: fetching the servers into {layout.Tools}: {steps.Count} steps, once per version, about a minute ...");
        var start = TimeProvider.System.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(steps, options, async (step, token) => await RunAsync(step, steps.Count, token));
        progress.Report($"native: all tools are in place after {Seconds(start)}");
    }

    private async Task RunAsync(ToolStep step, int count, CancellationToken cancellationToken)
    {
        var label = $"native: {step.Title} ({Interlocked.Increment(ref _started)}/{count})";
        progress.Report($"{label} ...");
        var start = TimeProvider.System.GetTimestamp();
        var staging = $"{Unfinished}{Path.GetFileName(step.Folder)}-{Guid.NewGuid():N}";
        await step.RunAsync(Path.Combine(layout.Tools, staging), cancellationToken);
        progress.Report($"{label} done in {Seconds(start)}");
    }

    private void DeleteLeftOvers()
    {
        foreach (var folder in Directory.GetDirectories(layout.Tools, Unfinished + "*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException error)
            {
                progress.Report($"native: {folder}, left by an interrupted start, stays until the next one: {error.Message}");
            }
        }
    }

    private static string Seconds(long start) =>
        FormattableString.Invariant($"{TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
}

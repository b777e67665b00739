namespace Orders.LocalServers.Downloads;

/// <summary>Brings one tool into its folder.</summary>
/// <param name="Title">For the progress line.</param>
/// <param name="Folder">The tool's final folder.</param>
/// <param name="KeyFiles">Files below it without which it counts as missing.</param>
/// <param name="BuildAsync">Works in the empty folder it is given and returns the finished folder, somewhere below it.</param>
internal sealed record ToolStep(
    string Title, string Folder, IReadOnlyList<string> KeyFiles, Func<string, CancellationToken, Task<string>> BuildAsync)
{
    public bool IsDone => KeyFiles.All(file => File.Exists(Path.Combine(Folder, file)));

    /// <summary>
    /// Invariant: the tool's folder appears by one rename of a finished folder, so that it is whole or not there. The staging folder
    /// is this run's alone: programs that an interrupted run left behind may still write into theirs. The caller holds the lock.
    /// </summary>
    public async Task RunAsync(string staging, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(staging);
        var finished = await BuildAsync(staging, cancellationToken);
        foreach (var file in KeyFiles)
        {
            if (!File.Exists(Path.Combine(finished, file)))
            {
                throw new InvalidDataException($"{Title}: {file} is not where it is expected after unpacking.");
            }
        }

        DeleteFolder(Folder);
        Directory.Move(finished, Folder);
        DeleteFolder(staging);
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

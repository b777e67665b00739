namespace Orders.LocalServers;

/// <summary>
/// A lock between processes: an exclusively opened file. The kernel frees it when its holder ends, also by kill -9, so that a
/// left-over file means nothing.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null when another holder has it. The folder of the file must exist.</summary>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>
    /// Takes the lock, waiting for its holder as long as need be; <paramref name="onWait"/> is called once when it must wait.
    /// </summary>
    public static async Task<FileLock> TakeAsync(string path, Action onWait, CancellationToken cancellationToken)
    {
        var waiting = false;
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (!waiting)
            {
                waiting = true;
                onWait();
            }

            await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();
}

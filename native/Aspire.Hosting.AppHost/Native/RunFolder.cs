using System.Globalization;
using System.Security.Cryptography;
using Orders.Native.Hosting.Dcp;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>
/// The folder of one start of the AppHost: DCP's files and the data of servers without a data volume. Its lock is held as long as this
/// process lives; a folder whose lock is free belongs to an AppHost that was killed, and is removed by the next start.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string LockName = "owner.lock";
    private static readonly TimeSpan LeftoverTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly FileLock _lock;

    private RunFolder(string path, FileLock owner)
    {
        Path = path;
        _lock = owner;
    }

    public string Path { get; }

    public string Dcp => Directory.CreateDirectory(System.IO.Path.Combine(Path, "dcp")).FullName;

    public static RunFolder Create(NativeLayout layout)
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
        // Servers that drop root must be able to walk down to their data.
        var path = Directory.CreateDirectory(System.IO.Path.Combine(Runs(layout), name)).FullName;
        return new RunFolder(path, FileLock.TryTake(System.IO.Path.Combine(path, LockName))!);
    }

    /// <summary>
    /// Waits until what a killed AppHost left running has ended (its DCP sees to that, within seconds) and removes its folder. Without
    /// the wait the former servers might still write to the data that this start is about to use.
    /// </summary>
    public static async Task RemoveLeftoversAsync(NativeLayout layout, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Runs(layout)))
            return;
        foreach (var folder in Directory.EnumerateDirectories(Runs(layout)))
        {
            var lockFile = System.IO.Path.Combine(folder, LockName);
            if (!File.Exists(lockFile))
                continue;
            using var free = FileLock.TryTake(lockFile);
            if (free is null)
                continue;

            var start = TimeProvider.System.GetTimestamp();
            while (DcpServer.IsRunningFor(System.IO.Path.Combine(folder, "dcp"))
                && TimeProvider.System.GetElapsedTime(start) < LeftoverTimeout)
                await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
            Delete(folder);
        }
    }

    public string DataFolder(string name) => System.IO.Path.Combine(Path, "data", name);

    public void Dispose()
    {
        Delete(Path);
        _lock.Dispose();
    }

    private static string Runs(NativeLayout layout) => System.IO.Path.Combine(layout.Root, "run");

    private static void Delete(string folder)
    {
        // A server that was killed may still be writing; what cannot be removed now is removed by the next start.
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}

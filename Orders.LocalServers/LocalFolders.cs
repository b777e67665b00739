using System.Security.Cryptography;

namespace Orders.LocalServers;

/// <summary>
/// Where the servers keep their data. A volume becomes a folder that outlives the AppHost and belongs to one AppHost at a time. The
/// data of other servers lie in a folder of this run, which a lock of this process marks as used; the next start removes what an
/// AppHost left behind that was killed.
/// </summary>
internal sealed class LocalFolders : IDisposable
{
    private const string LockName = "owner.lock";
    private static readonly TimeSpan LeftoverPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<FileLock> _locks = [];
    private readonly string _run;

    /// <param name="root">A folder that git ignores.</param>
    public LocalFolders(string root)
    {
        Root = Directory.CreateDirectory(root).FullName;
        var name = FormattableString.Invariant($"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
        // Servers that drop root must be able to walk down to their data.
        _run = Directory.CreateDirectory(Path.Combine(Runs, name)).FullName;
        _locks.Add(FileLock.TryTake(Path.Combine(_run, LockName))!);
    }

    public string Root { get; }

    /// <summary>The unpacked programs, one folder per tool and version.</summary>
    public string Tools => Path.Combine(Root, "tools");

    private string Data => Path.Combine(Root, "data");

    private string Runs => Path.Combine(Root, "run");

    public string DataOf(IResource resource) =>
        VolumeOf(resource) is { } volume ? Path.Combine(Data, volume) : Path.Combine(_run, resource.Name);

    /// <exception cref="DistributedApplicationException">Another AppHost has one of the volumes.</exception>
    public void LockVolumes(IEnumerable<IResource> servers)
    {
        foreach (var (server, volume) in servers.Select(server => (server, VolumeOf(server))).Where(pair => pair.Item2 is not null))
        {
            Directory.CreateDirectory(Data);
            _locks.Add(FileLock.TryTake(Path.Combine(Data, $"{volume}.lock")) ?? throw new DistributedApplicationException(
                $"Another AppHost of this clone uses the data of '{server.Name}' ({Path.Combine(Data, volume!)}). "
                + "Stop that one first, or start with --data=none."));
        }
    }

    /// <summary>
    /// Removes the folders of killed AppHosts. Their servers end within seconds of them; until then they write to the data that this
    /// start is about to use, so it waits for them. To be called after <see cref="LockVolumes"/>: whose data is locked by this AppHost
    /// may be in use by leftovers alone.
    /// </summary>
    public async Task RemoveLeftoversAsync(CancellationToken cancel)
    {
        foreach (var folder in Directory.EnumerateDirectories(Runs).Where(folder => folder != _run).ToArray())
        {
            var file = Path.Combine(folder, LockName);
            if (!File.Exists(file)) continue;
            using var free = FileLock.TryTake(file);
            if (free is null) continue;
            await WaitForServersAsync(_locks.Count > 1 ? [folder, Data] : [folder], cancel);
            Delete(folder);
        }
    }

    public void Dispose()
    {
        Delete(_run);
        foreach (var held in _locks) held.Dispose();
        _locks.Clear();
    }

    private static async Task WaitForServersAsync(string[] folders, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        bool isUsed(string line) => folders.Any(folder => line.Contains(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        while (CommandLines().Any(isUsed) && TimeProvider.System.GetElapsedTime(started) < LeftoverPatience)
            await Task.Delay(Pause, TimeProvider.System, cancel);
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            string line;
            try
            {
                line = File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                continue; // ended meanwhile
            }

            yield return line;
        }
    }

    private static string? VolumeOf(IResource resource) =>
        resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(mount => mount.Type == ContainerMountType.Volume)?.Source;

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A server that was killed may still be writing; the next start removes the rest.
        }
    }
}

using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Orders.Indexer.Archive;

/// <summary>
/// The archive in a folder. A file is written aside, flushed to the disk and renamed; the rename is flushed through the file itself,
/// because .NET cannot flush a folder: enough for ext4 and XFS, and for a killed process anywhere.
/// </summary>
internal sealed class FolderArchive(IOptions<ArchiveOptions> options) : IArchiveStore
{
    private const string Aside = ".tmp";

    private readonly string _root = Path.GetFullPath(options.Value.Path);

    public string Location => _root;

    public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancel)
    {
        var target = Full(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // A name of its own: two consumers may believe for a moment that a partition is theirs.
        var aside = $"{target}.{Guid.NewGuid():N}{Aside}";
        using (var file = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await RandomAccess.WriteAsync(file, content, 0, cancel);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(aside, target, overwrite: true);
        using var renamed = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(renamed);
    }

    public async IAsyncEnumerable<StoredFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (!Directory.Exists(_root)) yield break;
        foreach (var path in Files("*").Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            if (!path.EndsWith(Aside, StringComparison.Ordinal))
                yield return new StoredFile(path, new DateTimeOffset(File.GetLastWriteTimeUtc(Full(path)), TimeSpan.Zero));
        }

        await Task.CompletedTask;
    }

    public async Task<byte[]?> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllBytesAsync(Full(path), cancel);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public Task DeleteAsync(string path, CancellationToken cancel)
    {
        var file = Full(path);
        if (File.Exists(file)) File.Delete(file);
        return Task.CompletedTask;
    }

    public Task SweepAsync(DateTimeOffset before, CancellationToken cancel)
    {
        if (!Directory.Exists(_root)) return Task.CompletedTask;
        foreach (var path in Files("*" + Aside).Select(Full).Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime).ToList())
            File.Delete(path);
        // A folder that somebody fills just now is not empty, and one that is needed is made again.
        foreach (var day in Directory.EnumerateDirectories(_root).Where(day => !Directory.EnumerateFileSystemEntries(day).Any()).ToList())
        {
            if (Directory.GetLastWriteTimeUtc(day) < before.UtcDateTime) Directory.Delete(day);
        }

        return Task.CompletedTask;
    }

    private IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(_root, pattern, SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_root, file).Replace(Path.DirectorySeparatorChar, '/'));

    private string Full(string path) => Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));
}

using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Orders.Contracts;

namespace Orders.Indexer.Archive;

/// <summary>What a look through the whole archive has found.</summary>
/// <param name="Files">Files with a manifest.</param>
/// <param name="Rows">Their lines.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Unfinished">Files without a manifest: a writer died, and its successor has written the events under another name.</param>
/// <param name="Covered">Per partition the first offset and the one after the last.</param>
/// <param name="Problems">What is wrong, for people; empty when every file is what its manifest says and no offset is missing.</param>
internal sealed record ArchiveReport(
    long Files, long Rows, long Bytes, long Unfinished, IReadOnlyDictionary<int, (long First, long Next)> Covered,
    IReadOnlyList<string> Problems);

/// <summary>
/// Reads the archive back and checks it: sizes, hashes, lines, events, and that no offset between first and last is missing.
/// </summary>
internal sealed class ArchiveReader(IArchiveStore store)
{
    /// <summary>The lines of all finished files, by day; an event may come more than once.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var path in store.ListAsync("dt=", cancel))
        {
            if (!path.EndsWith(ArchiveManifest.ManifestEnd, StringComparison.Ordinal)) continue;
            var manifest = ArchiveManifest.Parse(await store.ReadAsync(path, cancel));
            foreach (var line in Lines(await store.ReadAsync(manifest.File, cancel)
                ?? throw new InvalidDataException($"{manifest.File} is missing"))) yield return line;
        }
    }

    public async Task<ArchiveReport> VerifyAsync(CancellationToken cancel)
    {
        var (manifests, problems) = (new List<ArchiveManifest>(), new List<string>());
        var paths = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var path in store.ListAsync("dt=", cancel)) paths.Add(path);
        foreach (var path in paths.Where(path => path.EndsWith(ArchiveManifest.ManifestEnd, StringComparison.Ordinal)))
        {
            if (await CheckAsync(path, problems, cancel) is { } manifest) manifests.Add(manifest);
        }

        var unfinished = paths.Count(path => path.EndsWith(ArchiveManifest.FileEnd, StringComparison.Ordinal)
            && !paths.Contains(ArchiveManifest.PathOf(path)));
        problems.AddRange(MissingDays(manifests));
        var covered = new Dictionary<int, (long, long)>();
        foreach (var partition in manifests.GroupBy(manifest => manifest.Partition).OrderBy(partition => partition.Key))
            covered[partition.Key] = Cover(partition.Key, partition.Select(manifest => manifest.Window), problems);
        var (rows, bytes) = (manifests.Sum(manifest => manifest.Rows), manifests.Sum(manifest => manifest.Bytes));
        return new ArchiveReport(manifests.Count, rows, bytes, unfinished, covered, problems);
    }

    private async Task<ArchiveManifest?> CheckAsync(string path, List<string> problems, CancellationToken cancel)
    {
        ArchiveManifest manifest;
        try
        {
            manifest = ArchiveManifest.Parse(await store.ReadAsync(path, cancel));
        }
        catch (JsonException error)
        {
            problems.Add($"{path}: {error.Message}");
            return null;
        }

        if (await store.ReadAsync(manifest.File, cancel) is not { } content) problems.Add($"{manifest.File} is missing");
        else if (ArchiveManifest.PathOf(manifest.File) != path) problems.Add($"{path} speaks of {manifest.File}");
        else if (content.Length != manifest.Bytes) problems.Add($"{manifest.File} has {content.Length} bytes, not {manifest.Bytes}");
        else if (Convert.ToHexStringLower(SHA256.HashData(content)) != manifest.Sha256) problems.Add($"{manifest.File}: another SHA-256");
        else if (Fault(content, manifest) is { } fault) problems.Add($"{manifest.File}: {fault}");
        return manifest;
    }

    private static string? Fault(byte[] content, ArchiveManifest manifest)
    {
        try
        {
            var rows = 0L;
            foreach (var line in Lines(content))
            {
                rows++;
                var told = JsonSerializer.Deserialize(line.Span, OrdersJson.Default.OrderEvent)!;
                if (DateOnly.FromDateTime(told.Time.UtcDateTime) != manifest.Day) return $"{told.Id} is of another day";
            }

            return rows == manifest.Rows ? null : $"{rows} lines, not {manifest.Rows}";
        }
        catch (Exception error) when (error is InvalidDataException or JsonException)
        {
            return error.Message;
        }
    }

    private static List<ReadOnlyMemory<byte>> Lines(byte[] content)
    {
        using var plain = new MemoryStream();
        using (var zip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress)) zip.CopyTo(plain);
        var (text, lines) = (plain.ToArray().AsMemory(), new List<ReadOnlyMemory<byte>>());
        while (text.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            lines.Add(text[..end]);
            text = text[(end + 1)..];
        }

        return text.IsEmpty ? lines : throw new InvalidDataException("the last line has no end");
    }

    /// <summary>A window is whole when each of its days is there; days before the oldest one have been let go.</summary>
    private static IEnumerable<string> MissingDays(List<ArchiveManifest> manifests)
    {
        var oldest = manifests.Count == 0 ? default : manifests.Min(manifest => manifest.Day);
        foreach (var files in manifests.GroupBy(manifest => (manifest.Partition, manifest.Window.First, manifest.Window.Next)))
        {
            foreach (var day in files.First().Window.Days.Where(day => day >= oldest).Except(files.Select(manifest => manifest.Day)))
                yield return $"partition {files.Key.Partition}, offsets {files.Key.First} to {files.Key.Next}: {day:yyyy-MM-dd} is missing";
        }
    }

    private static (long First, long Next) Cover(int partition, IEnumerable<ArchiveWindow> windows, List<string> problems)
    {
        var (first, next) = (-1L, -1L);
        foreach (var window in windows.OrderBy(window => window.First))
        {
            if (first < 0) (first, next) = (window.First, window.First);
            if (window.First > next) problems.Add($"partition {partition}: offsets {next} to {window.First - 1} are missing");
            next = Math.Max(next, window.Next);
        }

        return (first, next);
    }
}

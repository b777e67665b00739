using System.Globalization;
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
/// <param name="Partitions">What they cover of each partition.</param>
/// <param name="Unfinished">Files without a manifest: one that is being written, or whose writer died; its successor has written the
/// events under another name.</param>
/// <param name="Problems">What is wrong; empty when every file is what its manifest says and no offset is missing.</param>
internal sealed record ArchiveReport(
    long Files, long Rows, long Bytes, IReadOnlyList<ArchivedOffsets> Partitions, IReadOnlyList<string> Unfinished,
    IReadOnlyList<ArchiveProblem> Problems);

/// <param name="Partition">The partition.</param>
/// <param name="FirstOffset">The first offset that is covered.</param>
/// <param name="LastOffset">The last one.</param>
internal sealed record ArchivedOffsets(int Partition, long FirstOffset, long LastOffset);

/// <param name="File">The file that is wrong or missing, or the one before which offsets are missing.</param>
/// <param name="Reason">What is wrong, for people.</param>
internal sealed record ArchiveProblem(string File, string Reason);

/// <summary>
/// Reads the archive back and checks it: sizes, hashes, lines, events, and that no offset between first and last is missing.
/// </summary>
internal sealed class ArchiveReader(IArchiveStore store)
{
    /// <summary>The lines of all finished files, by day; an event may come more than once.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var (path, _) in store.ListAsync("dt=", cancel))
        {
            if (!path.EndsWith(ArchiveManifest.ManifestEnd, StringComparison.Ordinal)) continue;
            var manifest = ArchiveManifest.Parse(await store.ReadAsync(path, cancel));
            foreach (var line in Lines(await store.ReadAsync(manifest.File, cancel)
                ?? throw new InvalidDataException($"{manifest.File} is missing"))) yield return line;
        }
    }

    /// <param name="cancel">Ends it.</param>
    /// <param name="keptSince">What is of days before this one is let go, and may be there or not.</param>
    /// <param name="report">Called after every file, with its manifest if that can be read, and what was read so far.</param>
    public async Task<ArchiveReport> VerifyAsync(
        CancellationToken cancel, DateOnly keptSince = default, Func<ArchiveManifest?, ArchiveProgress, Task>? report = null)
    {
        var (manifests, problems) = (new List<ArchiveManifest>(), new List<ArchiveProblem>());
        var paths = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var file in store.ListAsync("dt=", cancel)) paths.Add(file.Path);
        var listed = paths.Where(path => path.EndsWith(ArchiveManifest.ManifestEnd, StringComparison.Ordinal)).ToList();
        var progress = new ArchiveProgress(0, listed.Count, 0, 0, 0);
        foreach (var path in listed)
        {
            var manifest = await CheckAsync(path, problems, cancel);
            if (manifest is not null) manifests.Add(manifest);
            progress = new ArchiveProgress(
                progress.Files + 1, listed.Count, progress.Rows + (manifest?.Rows ?? 0), progress.Bytes + (manifest?.Bytes ?? 0),
                problems.Count);
            if (report is not null) await report(manifest, progress);
        }

        var unfinished = paths.Where(path => path.EndsWith(ArchiveManifest.FileEnd, StringComparison.Ordinal)
            && !paths.Contains(ArchiveManifest.PathOf(path))).ToList();
        problems.AddRange(MissingDays(manifests, keptSince));
        problems.AddRange(MissingRows(manifests));
        var covered = manifests.GroupBy(manifest => manifest.Partition).OrderBy(partition => partition.Key)
            .Select(partition => Cover(partition.Key, partition, problems)).ToList();
        return new ArchiveReport(
            manifests.Count, manifests.Sum(manifest => manifest.Rows), manifests.Sum(manifest => manifest.Bytes), covered, unfinished,
            problems);
    }

    private async Task<ArchiveManifest?> CheckAsync(string path, List<ArchiveProblem> problems, CancellationToken cancel)
    {
        ArchiveManifest manifest;
        try
        {
            manifest = ArchiveManifest.Parse(await store.ReadAsync(path, cancel));
        }
        catch (JsonException error)
        {
            problems.Add(new(path, error.Message));
            return null;
        }

        if (await FaultAsync(path, manifest, cancel) is { } fault) problems.Add(new(manifest.File, fault));
        return manifest;
    }

    private async Task<string?> FaultAsync(string path, ArchiveManifest manifest, CancellationToken cancel)
    {
        if (ArchiveManifest.PathOf(manifest.File) != path) return $"is what {path} speaks of";
        if (await store.ReadAsync(manifest.File, cancel) is not { } content) return "is missing";
        if (content.Length != manifest.Bytes) return FormattableString.Invariant($"has {content.Length} bytes, not {manifest.Bytes}");
        if (Convert.ToHexStringLower(SHA256.HashData(content)) != manifest.Sha256) return "has another SHA-256 than its manifest says";
        return Fault(content, manifest);
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
    private static IEnumerable<ArchiveProblem> MissingDays(List<ArchiveManifest> manifests, DateOnly keptSince)
    {
        var oldest = manifests.Count == 0 ? default : manifests.Min(manifest => manifest.Day);
        if (oldest < keptSince) oldest = keptSince;
        foreach (var files in manifests.GroupBy(manifest => (manifest.Partition, manifest.Window.First, manifest.Window.Next)))
        {
            var window = files.First().Window;
            foreach (var day in window.Days.Where(day => day >= oldest).Except(files.Select(manifest => manifest.Day)))
                yield return new(ArchiveManifest.NameOf(files.Key.Partition, window, day), "has no manifest, and its window is not whole");
        }
    }

    /// <summary>
    /// Rows against offsets: each offset of a window has a row, is no event, or is missing. Windows of which a day is gone, or that were
    /// written before that was kept account of, say nothing.
    /// </summary>
    private static IEnumerable<ArchiveProblem> MissingRows(List<ArchiveManifest> manifests)
    {
        foreach (var files in manifests.GroupBy(manifest => (manifest.Partition, manifest.Window.First, manifest.Window.Next)))
        {
            var first = files.MinBy(manifest => manifest.Day)!;
            var window = first.Window;
            foreach (var gap in window.Missing ?? [])
            {
                yield return new(first.File, string.Create(
                    CultureInfo.InvariantCulture, $"offsets {gap} of partition {first.Partition} were not delivered when it was written"));
            }

            if (window.Skipped is not { } skipped || window.Days.Except(files.Select(manifest => manifest.Day)).Any()) continue;
            var accounted = files.Sum(manifest => manifest.Rows) + skipped.Count + (window.Missing ?? []).Sum(Length);
            if (accounted == window.Next - window.First) continue;
            yield return new(first.File, string.Create(CultureInfo.InvariantCulture,
                $"offsets {window.First} to {window.Next - 1} of partition {first.Partition} have {accounted} rows and records that are no "
                + $"events, not {window.Next - window.First}"));
        }
    }

    private static long Length(string gap) => gap.Split('-') is [var from, var to]
        && long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
        && long.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last - first + 1
            : 0;

    private static ArchivedOffsets Cover(int partition, IEnumerable<ArchiveManifest> manifests, List<ArchiveProblem> problems)
    {
        var (first, next) = (-1L, -1L);
        foreach (var manifest in manifests.OrderBy(manifest => manifest.Window.First))
        {
            var window = manifest.Window;
            if (first < 0) (first, next) = (window.First, window.First);
            if (window.First > next)
                problems.Add(new(manifest.File, $"before it offsets {next} to {window.First - 1} of partition {partition} are missing"));
            next = Math.Max(next, window.Next);
        }

        return new ArchivedOffsets(partition, first, next - 1);
    }
}

/// <summary>How far a look through the archive is.</summary>
internal sealed record ArchiveProgress(long Files, long Total, long Rows, long Bytes, long Problems);

using System.IO.Compression;
using System.Security.Cryptography;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Archive;

/// <summary>A file that is ready to be written, and its manifest.</summary>
internal sealed record ArchiveFile(ArchiveManifest Manifest, byte[] Content)
{
    /// <summary>No bytes, gzipped. The framework writes nothing at all for that, which is no gzip file.</summary>
    private static ReadOnlySpan<byte> Nothing => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>
    /// The files of one partition of a batch, one for each day. Their names follow from partition and offsets alone, so the same window
    /// written again replaces itself.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="first">The first offset of the window.</param>
    /// <param name="next">The offset after it.</param>
    /// <param name="events">The events; without any the file is empty and says that there was nothing.</param>
    /// <param name="skipped">Offsets of records that are no events.</param>
    /// <param name="now">The time of writing.</param>
    public static IEnumerable<ArchiveFile> Compose(
        int partition, long first, long next, IEnumerable<StreamEvent> events, IEnumerable<long> skipped, DateTimeOffset now)
    {
        var dead = skipped.Order().ToList();
        var days = events.OrderBy(taken => taken.Raw.Offset).GroupBy(taken => DayOf(taken.Event.Time)).OrderBy(day => day.Key)
            .Select(day => (Day: day.Key, Events: day.ToList())).ToList();
        if (days.Count == 0) days.Add((DayOf(now), []));
        var window = new ArchiveWindow(
            first, next, [.. days.Select(day => day.Day)], dead,
            Missing(first, next, days.SelectMany(day => day.Events, (_, taken) => taken.Raw.Offset).Concat(dead)));
        foreach (var (day, rows) in days) yield return Compose(partition, window, day, rows, now);
    }

    /// <summary>The offsets of the window that are not among these; null when all are.</summary>
    private static List<string>? Missing(long first, long next, IEnumerable<long> offsets)
    {
        var (gaps, expected) = (new List<string>(), first);
        foreach (var offset in offsets.Order())
        {
            if (offset > expected) gaps.Add(FormattableString.Invariant($"{expected}-{offset - 1}"));
            expected = Math.Max(expected, offset + 1);
        }

        if (expected < next) gaps.Add(FormattableString.Invariant($"{expected}-{next - 1}"));
        return gaps.Count == 0 ? null : gaps;
    }

    private static ArchiveFile Compose(int partition, ArchiveWindow window, DateOnly day, List<StreamEvent> rows, DateTimeOffset now)
    {
        var content = Compress(rows);
        var name = ArchiveManifest.NameOf(partition, window, day);
        var manifest = new ArchiveManifest(
            name, WireNames.Topics.OrderEvents, partition, day, rows.Count,
            rows.Count == 0 ? now : rows.Min(taken => taken.Event.Time), rows.Count == 0 ? now : rows.Max(taken => taken.Event.Time),
            content.Length, Convert.ToHexStringLower(SHA256.HashData(content)), window, now,
            rows.Count == 0 ? null : rows[0].Raw.Offset, rows.Count == 0 ? null : rows[^1].Raw.Offset);
        return new ArchiveFile(manifest, content);
    }

    private static byte[] Compress(List<StreamEvent> rows)
    {
        if (rows.Count == 0) return [.. Nothing];
        using var content = new MemoryStream();
        using (var zip = new GZipStream(content, CompressionLevel.Optimal))
        {
            foreach (var taken in rows)
            {
                zip.Write(Line(taken.Raw.Value!));
                zip.WriteByte((byte)'\n');
            }
        }

        return content.ToArray();
    }

    /// <summary>JSON has line breaks only between its tokens: inside of texts they are escaped.</summary>
    private static ReadOnlySpan<byte> Line(byte[] value)
    {
        if (value.AsSpan().IndexOfAny((byte)'\n', (byte)'\r') < 0) return value;
        var line = (byte[])value.Clone();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }

    private static DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(instant.UtcDateTime);
}

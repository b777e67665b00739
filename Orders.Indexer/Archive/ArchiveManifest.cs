using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;

namespace Orders.Indexer.Archive;

/// <summary>
/// What is in a file of the archive; it lies beside the file and is written after it, so a file without one does not count. Every offset
/// of a window has a row in one of its files, or is named in the window as a record that is no event (a dead letter), or as missing.
/// </summary>
/// <param name="File">The file's path in the archive.</param>
/// <param name="Topic">Where the events came from.</param>
/// <param name="Partition">The partition; a file holds events of one.</param>
/// <param name="Day">The day (UTC) of the events' times.</param>
/// <param name="Rows">Lines; each is one event, byte for byte (a line break between JSON tokens has become a space).</param>
/// <param name="FirstEventAt">The earliest time of an event; of writing, where there is none.</param>
/// <param name="LastEventAt">The latest.</param>
/// <param name="Bytes">Bytes of the file as it lies there.</param>
/// <param name="Sha256">Of these bytes, in lower-case hexadecimal.</param>
/// <param name="Window">The offsets that were written together.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="FirstOffset">Offset of the first line; absent in a file without any.</param>
/// <param name="LastOffset">Offset of the last line.</param>
internal sealed record ArchiveManifest(
    string File, string Topic, int Partition, DateOnly Day, long Rows, DateTimeOffset FirstEventAt, DateTimeOffset LastEventAt, long Bytes,
    string Sha256, ArchiveWindow Window, DateTimeOffset CreatedAt, long? FirstOffset = null, long? LastOffset = null)
{
    public const string FileEnd = ".ndjson.gz";

    public const string ManifestEnd = ".manifest.json";

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ArchiveJson.Default.ArchiveManifest);

    /// <exception cref="JsonException">These are no bytes of a manifest.</exception>
    public static ArchiveManifest Parse(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, ArchiveJson.Default.ArchiveManifest) ?? throw new JsonException("the manifest is null");

    /// <summary>What the file of a day of a window is called.</summary>
    public static string NameOf(int partition, ArchiveWindow window, DateOnly day) => string.Create(
        CultureInfo.InvariantCulture, $"dt={day:yyyy-MM-dd}/events-p{partition:D3}-{window.First:D12}-{window.Next:D12}{FileEnd}");

    /// <summary>Where the manifest of a file lies.</summary>
    public static string PathOf(string file) => file[..^FileEnd.Length] + ManifestEnd;
}

/// <summary>Offsets of a partition that were written together, one file for each day among them.</summary>
/// <param name="First">The first offset.</param>
/// <param name="Next">The offset after the last one.</param>
/// <param name="Days">The days of its files.</param>
/// <param name="Skipped">Offsets of records that are no events; absent in windows of before there was an account of them.</param>
/// <param name="Missing">Offsets that were not delivered, as <c>first-last</c>; absent when there are none.</param>
internal sealed record ArchiveWindow(
    long First, long Next, IReadOnlyList<DateOnly> Days, IReadOnlyList<long>? Skipped = null, IReadOnlyList<string>? Missing = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(ArchiveManifest))]
internal sealed partial class ArchiveJson : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Contracts;

namespace Orders.Simulator.Verification;

/// <summary>What a verification found, for people and scripts.</summary>
/// <param name="Proven">Everything was compared and nothing differs.</param>
/// <param name="Totals">Of the whole run, all sessions.</param>
/// <param name="Refusals">Why orders were refused, and how often.</param>
/// <param name="TurnedAway">Replies 429 and 503 of this session.</param>
/// <param name="Sampled">Orders that were looked at while others were placed.</param>
/// <param name="SampleSkipped">Those that there was no time for.</param>
/// <param name="Flushes">How often the ledger's disk was flushed.</param>
/// <param name="Compared">Orders (in analytics: sums) that were compared, by place.</param>
/// <param name="Unproven">What could not be looked at, and why.</param>
/// <param name="DifferenceCount">How many there are; at most 1000 are in <paramref name="Differences"/>.</param>
internal sealed record VerifyReport(
    string Api, int Seed, string Run, string Channel, bool Proven, BookTotals Totals, IReadOnlyDictionary<string, int> Refusals,
    long TurnedAway, long Sampled, long SampleSkipped, long Flushes, double PlacingSeconds, double CheckingSeconds,
    IReadOnlyDictionary<string, long> Compared, IReadOnlyList<string> Unproven, long DifferenceCount, IReadOnlyList<Difference> Differences)
{
    /// <summary>Written beside its place and moved there when it is whole.</summary>
    public async Task WriteAsync(FileInfo file, CancellationToken cancel)
    {
        var unfinished = file.FullName + ".part";
        var json = JsonSerializer.SerializeToUtf8Bytes(this, VerifyReportContext.Pretty.VerifyReport);
        await File.WriteAllBytesAsync(unfinished, json, cancel);
        File.Move(unfinished, file.FullName, overwrite: true);
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyReportContext : JsonSerializerContext
{
    public static readonly VerifyReportContext Pretty = new(Indented());

    private static JsonSerializerOptions Indented()
    {
        var options = OrdersJson.Options();
        options.WriteIndented = true;
        return options;
    }
}

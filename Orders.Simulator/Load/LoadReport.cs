using System.Text.Json.Serialization;
using Orders.Simulator.Api;

namespace Orders.Simulator.Load;

/// <summary>What <c>load --json</c> writes. Times are milliseconds where a name says so, otherwise seconds.</summary>
/// <param name="Finished">False: it was ended early, and everything is about the time until then.</param>
/// <param name="KeptUp">False: requests were held back because too many were on their way; see <paramref name="HeldBack"/>.</param>
/// <param name="LatencyFrom">due: from the moment a request should have been sent; sent: from the moment it was.</param>
/// <param name="Interrupted">Requests whose outcome is unknown because the run was ended early.</param>
internal sealed record LoadReport(
    DateTimeOffset StartedAt, bool Finished, double MeasuredSeconds, LoadReportPlan Plan, string LatencyFrom, bool KeptUp, long HeldBack,
    long Interrupted, long InFlightMax, LoadTimes? LatenessMs, long Restocked, long RestocksFailed, LoadStats Overall,
    IReadOnlyDictionary<string, LoadStats> Operations, IReadOnlyList<LoadReportError> Errors,
    IReadOnlyList<LoadReportThreshold> Thresholds, IReadOnlyList<LoadReportSlice> Timeline, IReadOnlyList<LoadReportBin> Distribution);

/// <param name="Arrivals">poisson or even; absent in the closed model.</param>
internal sealed record LoadReportPlan(
    Uri Api, string Scenario, IReadOnlyDictionary<string, double> Mix, string Model, string? Arrivals,
    IReadOnlyList<LoadReportStage> Stages, double RampSeconds, double WarmUpSeconds, double? ThinkSeconds, int? InFlightMax,
    double TimeoutSeconds, int Seed, string Run);

/// <param name="Level">Requests per second, or users.</param>
internal sealed record LoadReportStage(double Level, double Seconds);

/// <param name="Rate">Successful replies per second while the load was on.</param>
/// <param name="ErrorShare">0 to 1: failed or never sent, of all that was due.</param>
internal sealed record LoadStats(
    long Succeeded, long Failed, long NeverSent, double ErrorShare, double Rate, LoadTimes? LatencyMs, LoadTimes? ServiceMs);

internal sealed record LoadTimes(
    double Mean, double P50, double P90, double P95, double P99, [property: JsonPropertyName("p99_9")] double P999, double Max)
{
    /// <summary>Null when there is nothing.</summary>
    public static LoadTimes? From(LatencyHistogram? times) => times is not { Count: > 0 } ? null : new LoadTimes(
        Round(times.Mean), Round(times.Percentile(50)), Round(times.Percentile(90)), Round(times.Percentile(95)),
        Round(times.Percentile(99)), Round(times.Percentile(99.9)), Round(times.Max));

    private static double Round(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}

internal sealed record LoadReportError(string Operation, string Kind, int? Status, long Count, IReadOnlyList<string> Examples);

/// <param name="Unit">Of both figures: a time's, % or /s; empty for a number.</param>
/// <param name="Actual">Absent: nothing was measured, which is a miss.</param>
internal sealed record LoadReportThreshold(string Threshold, bool Held, string Unit, double? Actual, double? MissedBy);

/// <param name="At">Seconds since the beginning of the run, warm-up included.</param>
/// <param name="Level">What was asked for in the middle of the slice: requests per second, or users.</param>
/// <param name="Rates">Successful replies per second by operation.</param>
internal sealed record LoadReportSlice(
    double At, double Seconds, bool WarmUp, double Level, IReadOnlyDictionary<string, double> Rates, double Sent, long Failed,
    long HeldBack, long InFlightMax, LoadTimes? LatencyMs);

/// <summary>Latencies from here up to, and not including, there.</summary>
internal sealed record LoadReportBin(double FromMs, double ToMs, long Count);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoadReport))]
[JsonSerializable(typeof(Page<PersonRow>))]
[JsonSerializable(typeof(Page<PlaceRow>))]
[JsonSerializable(typeof(Page<ArticleRow>))]
[JsonSerializable(typeof(Page<OrderRef>))]
internal sealed partial class LoadJsonContext : JsonSerializerContext;

internal static class LoadJson
{
    public static readonly LoadJsonContext Default = new(new System.Text.Json.JsonSerializerOptions(Orders.Contracts.OrdersJson.Options())
    {
        WriteIndented = true,
    });
}

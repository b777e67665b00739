using System.Text.Json.Serialization;
using Orders.Contracts;

namespace Orders.Indexer.Webhooks;

/// <summary>A try as the delivery's log keeps it.</summary>
internal sealed record AttemptEntry(DateTimeOffset At, int? StatusCode, long LatencyMs, string? Error, string? Response)
{
    public static AttemptEntry Of(Attempt attempt) =>
        new(attempt.At, attempt.StatusCode, (long)attempt.Latency.TotalMilliseconds, attempt.Error, attempt.Response);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(AttemptEntry))]
internal sealed partial class AttemptJson : JsonSerializerContext;

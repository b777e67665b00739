using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Idempotency;

/// <summary>Section <c>Orders:Idempotency</c>.</summary>
internal sealed class IdempotencyOptions
{
    public const string Section = "Orders:Idempotency";

    /// <summary>
    /// How long a key is remembered at least. A request that comes again later is a new one. Longer than the inbound topic can keep a
    /// command: it drops whole segments, which are up to 7 days long, when all of one is 7 days old. Default 15 days, 1 hour to 90 days.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(15);

    /// <summary>How often old keys are swept out. Default 10 minutes, 1 second to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Keys that one statement removes at most. Default 5,000, 100 to 100,000.</summary>
    [Range(100, 100_000)]
    public int SweepBatchMax { get; set; } = 5_000;
}

using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Analytics;

/// <summary>Facts and rollups. Section <c>Orders:Indexer:Analytics</c>.</summary>
internal sealed class AnalyticsOptions
{
    public const string Section = "Orders:Indexer:Analytics";

    /// <summary>
    /// How long a batch gathers, from its first event's commit. A sum that many orders share is then written once for all of them.
    /// Default 500 ms, 0 to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BatchAgeMax { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long one batch, or one page of a rebuild, may take in the database. Default 1 minute, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long asking for the stored offsets may take; the consumer cannot poll meanwhile. Default 5 s, 100 ms to 8 s, below the
    /// session timeout of the streams.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:08")]
    public TimeSpan PositionsTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Orders that one statement of a rebuild takes. Default 2000, 1 to 20000.</summary>
    [Range(1, 20_000)]
    public int RebuildOrdersMax { get; set; } = 2000;
}

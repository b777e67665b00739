using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Analytics;

/// <summary>Sums of orders over time. Section <c>Orders:Analytics</c>.</summary>
internal sealed class AnalyticsOptions
{
    public const string Section = "Orders:Analytics";

    /// <summary>Hours, days or months that one request may span. Default 1000, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int BucketsMax { get; set; } = 1000;

    /// <summary>Rows of one reply; a request that would have more is refused. Default 5000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int RowsMax { get; set; } = 5000;

    /// <summary>How long the database may take. Default 5 s, 1 s to 1 minute, in whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

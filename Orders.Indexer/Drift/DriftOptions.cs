using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Drift;

/// <summary>The comparison of the database with everything that is made from it. Section <c>Orders:Indexer:Drift</c>.</summary>
internal sealed class DriftOptions
{
    public const string Section = "Orders:Indexer:Drift";

    /// <summary>The wait between two passes of the continuous checker. Default 10 minutes, 0 (it never runs) to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan PassInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait between two buckets of the continuous checker, which bounds what it costs. Default 500 ms, 0 to 1
    /// minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BucketPause { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Orders of one bucket. Default 1000, 10 to 20000.</summary>
    [Range(10, 20_000)]
    public int BucketSize { get; set; } = 1000;

    /// <summary>
    /// Of how many buckets the continuous checker compares one in full, not only the versions; another one each pass. Default 10, 1 to
    /// 1000.
    /// </summary>
    [Range(1, 1000)]
    public int FullEvery { get; set; } = 10;

    /// <summary>How long what differs is left alone before it is looked at again. Default 3 s, 100 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan SettleFor { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long after its publication a change may be on its way without counting as drift. Default 30 s, 0 to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Orders that are repaired, or replayed, at once. Default 500, 1 to 5000.</summary>
    [Range(1, 5000)]
    public int RepairSize { get; set; } = 500;
}

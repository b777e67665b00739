using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Projections;

/// <summary>The search projection. Section <c>Orders:Indexer:Search</c>.</summary>
internal sealed class SearchOptions
{
    public const string Section = "Orders:Indexer:Search";

    /// <summary>
    /// Hits that paging can reach, and the ceiling of an exact total (<c>pagination.maxTotalHits</c>). Default 100000,
    /// 1000 to 10000000; deep pages cost time in proportion.
    /// </summary>
    [Range(1000, 10_000_000)]
    public int MaxTotalHits { get; set; } = 100_000;

    /// <summary>Values that a facet shows at most (<c>faceting.maxValuesPerFacet</c>). Default 200, 10 to 10000.</summary>
    [Range(10, 10_000)]
    public int MaxValuesPerFacet { get; set; } = 200;

    /// <summary>Orders per partition whose indexed version is remembered instead of asked for. Default 8192, 0 to 1000000.</summary>
    [Range(0, 1_000_000)]
    public int KnownVersionsMax { get; set; } = 8192;

    /// <summary>The first wait before a task is looked at again; each further one is half as long again. Default 4 ms, 1
    /// ms to 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")]
    public TimeSpan TaskPollMin { get; set; } = TimeSpan.FromMilliseconds(4);

    /// <summary>The longest wait between two looks at a task. Default 100 ms, 1 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan TaskPollMax { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// How long ago an order may have been placed to be found by search. Older ones leave the index once they are closed (delivered,
    /// cancelled, returned, failed); open ones stay. Default 730 days, 1 day to 36500 days.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan HotWindow { get; set; } = TimeSpan.FromDays(730);

    /// <summary>How often orders that have become too old are taken out. Default 1 day, 0 (never by itself) to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan WindowInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Orders that a rebuild reads and sends at once. Default 5000, 10 to 50000.</summary>
    [Range(10, 50_000)]
    public int RebuildPageSize { get; set; } = 5000;

    /// <summary>
    /// How long a rebuild that dies while it exchanges the indexes keeps others from writing. Default 1 minute, 5 s to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan GateClosedMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long Meilisearch keeps the record of a task that has ended. Default 1 hour, 5 s to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "30.00:00:00")]
    public TimeSpan TasksKeptFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often such records are removed. Default 5 minutes, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TaskPruneInterval { get; set; } = TimeSpan.FromMinutes(5);
}

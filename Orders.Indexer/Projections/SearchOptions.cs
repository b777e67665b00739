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
}

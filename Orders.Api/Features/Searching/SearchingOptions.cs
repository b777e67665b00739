using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Searching;

/// <summary>Section <c>Orders:Searching</c>.</summary>
internal sealed class SearchingOptions
{
    public const string Section = "Orders:Searching";

    /// <summary>How long a search waits until the index has the position it was given. Default 2 s, 0 (not at all) to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan PositionWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a waiting search looks. Default 50 ms, 10 ms to 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:01")]
    public TimeSpan PositionLook { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How many searches may wait at once; any further one looks once and says what it found. Default 100, 1 to 10000.</summary>
    [Range(1, 10_000)]
    public int WaitersMax { get; set; } = 100;

    /// <summary>How often a process finds out how far the index has come. Default 1 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan FreshnessInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many changes of the feed that takes at a time. Default 10,000, 10 to 100000.</summary>
    [Range(10, 100_000)]
    public int FreshnessChunk { get; set; } = 10_000;
}

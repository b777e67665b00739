using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Projections;

/// <summary>The cache projection. Section <c>Orders:Indexer:Cache</c>.</summary>
internal sealed class CacheProjectionOptions
{
    public const string Section = "Orders:Indexer:Cache";

    /// <summary>Writes under way at once. Default 64, 1 to 1024.</summary>
    [Range(1, 1024)]
    public int Parallelism { get; set; } = 64;

    /// <summary>How long that many writes may take before the cache counts as down. Default 5 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}

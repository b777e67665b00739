using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.DataCatalog;

/// <summary>The catalogue of data. Section <c>Orders:DataCatalog</c>.</summary>
internal sealed class DataCatalogOptions
{
    public const string Section = "Orders:DataCatalog";

    /// <summary>How long each server may take to say what it holds. Default 3 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long an answer is good for everybody who asks. Default 5 s, 0 to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Rows of tables up to this size are counted; of larger ones the server's estimate is told. Bytes, default 16 MiB, 0 to 1 GiB.
    /// </summary>
    [Range(0, 1L << 30)]
    public long CountedBytesMax { get; set; } = 16 << 20;
}

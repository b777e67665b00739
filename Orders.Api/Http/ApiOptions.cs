using System.ComponentModel.DataAnnotations;
using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>Section <c>Orders:Api</c>: how much of everything a request may bring and take (<c>docs/limits.md</c>).</summary>
internal sealed class ApiOptions
{
    public const string Section = "Orders:Api";

    /// <summary>
    /// Bytes of a request body that is read whole; streams have bounds of their own. Default 1,000,000, 1,000 to 100,000,000.
    /// </summary>
    [Range(1_000, 100_000_000)]
    public int BodyBytesMax { get; set; } = 1_000_000;

    /// <summary>Levels of nesting in a JSON body. Default 16, 8 to 64.</summary>
    [Range(8, 64)]
    public int JsonDepthMax { get; set; } = 16;

    /// <summary>Rows of one page, of any list. Default 200, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int PageSizeMax { get; set; } = 200;

    /// <summary>Rows of a page when the caller does not say. Default 50, 1 to <see cref="PageSizeMax"/>.</summary>
    [Range(1, 1_000)]
    public int PageSizeDefault { get; set; } = 50;

    /// <summary>Records of one import request. Default 1,000, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int ImportRecordsMax { get; set; } = 1_000;

    /// <summary>Lines of one order. Default 100, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int OrderLinesMax { get; set; } = 100;

    /// <summary>Refunds of one order. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int OrderRefundsMax { get; set; } = 1_000;

    /// <summary>Parcels of one order. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int OrderParcelsMax { get; set; } = 1_000;

    /// <summary>Returns of one order. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int OrderReturnsMax { get; set; } = 1_000;

    /// <summary>
    /// Bytes of an order's event up to which the order may grow; its moves have 64 KiB more. The broker's <c>max.message.bytes</c> must
    /// hold both. Default 3,145,728, 16,384 to 4,063,232, which a message of the topics' 4 MiB just holds.
    /// </summary>
    [Range(16_384, 4_063_232)]
    public int OrderEventBytesMax { get; set; } = 3_145_728;

    /// <summary>Characters of a search text. Default 256, 16 to 4,096.</summary>
    [Range(16, 4_096)]
    public int SearchTextMax { get; set; } = 256;

    /// <summary>How long a request may take; streams are exempt. Default 30 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of method, path and query together. Default 8,192, 1,024 to 65,536.</summary>
    [Range(1_024, 65_536)]
    public int RequestLineBytesMax { get; set; } = 8_192;

    /// <summary>Bytes of all headers together. Default 32,768, 4,096 to 262,144.</summary>
    [Range(4_096, 262_144)]
    public int HeaderBytesMax { get; set; } = 32_768;

    /// <summary>Headers of a request. Default 100, 16 to 500.</summary>
    [Range(16, 500)]
    public int HeadersMax { get; set; } = 100;

    /// <summary>Time for the headers to arrive. Default 15 s, 1 s to 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections that are open at once; further ones are closed at once. Default 10,000, 10 to 1,000,000.</summary>
    [Range(10, 1_000_000)]
    public int ConnectionsMax { get; set; } = 10_000;

    /// <summary>How long a connection without requests is kept. Default 130 s, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// Bytes per second that a body must come with, and a reply be taken with, after the grace period. Default 240, 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int BytesPerSecondMin { get; set; } = 240;

    /// <summary>How long a body or reply may go slower. Default 5 s, 1 s to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01.001", "00:05:00")]
    public TimeSpan BytesGracePeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests at once on one HTTP/2 connection. Default 100, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int StreamsPerConnectionMax { get; set; } = 100;
}

/// <summary>
/// The limits as this process was started with: a snapshot, taken once before anything is mapped and never changed, so that code far
/// from any service can ask for one.
/// </summary>
internal static class ApiLimits
{
    private static ApiOptions _current = new();

    /// <inheritdoc cref="ApiOptions.BodyBytesMax"/>
    public static int BodyBytesMax => _current.BodyBytesMax;

    /// <inheritdoc cref="ApiOptions.JsonDepthMax"/>
    public static int JsonDepthMax => _current.JsonDepthMax;

    /// <inheritdoc cref="ApiOptions.PageSizeMax"/>
    public static int PageSizeMax => _current.PageSizeMax;

    /// <inheritdoc cref="ApiOptions.PageSizeDefault"/>
    public static int PageSizeDefault => _current.PageSizeDefault;

    /// <inheritdoc cref="ApiOptions.ImportRecordsMax"/>
    public static int ImportRecordsMax => _current.ImportRecordsMax;

    /// <inheritdoc cref="ApiOptions.OrderLinesMax"/>
    public static int OrderLinesMax => _current.OrderLinesMax;

    /// <summary>How large an order may become.</summary>
    public static OrderLimits Order { get; private set; } = Of(new ApiOptions());

    /// <inheritdoc cref="ApiOptions.SearchTextMax"/>
    public static int SearchTextMax => _current.SearchTextMax;

    public static void Use(ApiOptions options) => (_current, Order) = (options, Of(options));

    private static OrderLimits Of(ApiOptions options) =>
        new(options.OrderEventBytesMax, options.OrderRefundsMax, options.OrderParcelsMax, options.OrderReturnsMax);
}

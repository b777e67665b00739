using System.ComponentModel.DataAnnotations;
using Orders.Api.Features.Placing;

namespace Orders.Api.Inbound;

/// <summary>Section <c>Orders:Inbound</c>: what comes in over the topic <c>orders.inbound</c>.</summary>
internal sealed class InboundOptions
{
    public const string Section = "Orders:Inbound";

    /// <summary>
    /// Commands taken at once; those of one partition are done one after the other, partitions side by side. Default 200, 1 to 10,000.
    /// </summary>
    [Range(1, 10_000)]
    public int BatchMax { get; set; } = 200;

    /// <summary>Longest pause before a command is tried again because a server is away; it starts at 100 ms and doubles.
    /// Default 5 s, 100 ms to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often a command that fails for no known reason is tried before it becomes a dead letter, or, if it was accepted over HTTP, is
    /// refused. Default 3, 1 to 100.
    /// </summary>
    [Range(1, 100)]
    public int AttemptsMax { get; set; } = 3;

    /// <summary>
    /// How long a replica that died keeps its partitions before the others get them. Default 10 s, 6 s to 5 minutes; the broker
    /// bounds it too.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:06", "00:05:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>An accepted request that was not done this long after it was sent is sent again. Default 30 s, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often open requests are looked for. Default 5 s, 100 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests that are sent again, or removed, at once. Default 500, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int SweepBatchMax { get; set; } = 500;

    /// <summary>How long the outcome of a request can be asked for. Default 7 days, 1 hour to 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The product id of the one line of an order of an amount; no product of the catalogue. Default pro-amount.</summary>
    [Required, StringLength(64)]
    public string AmountProductId { get; set; } = "pro-amount";

    /// <summary>That line's SKU. Default AMOUNT.</summary>
    [Required, StringLength(64)]
    public string AmountSku { get; set; } = "AMOUNT";

    /// <summary>That line's name. Default Amount.</summary>
    [Required, StringLength(200)]
    public string AmountName { get; set; } = "Amount";

    /// <summary>That line's category. Default amount.</summary>
    [Required, StringLength(100)]
    public string AmountCategory { get; set; } = "amount";

    /// <summary>The channel of an order of an amount that names none. Default stream.</summary>
    [Required, StringLength(32)]
    public string AmountChannel { get; set; } = "stream";

    internal AmountLine AmountLine => new(AmountProductId, AmountSku, AmountName, AmountCategory);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Contracts;

/// <summary>
/// Something that is asked of Orders over the topic <c>orders.inbound</c>, as a CloudEvents 1.0 event in structured JSON. Delivered as
/// often as the broker likes and done once: <see cref="Source"/> and <see cref="Id"/> together are the idempotency key.
/// </summary>
public sealed record InboundCommand
{
    /// <summary>Place an order; <see cref="Data"/> is the body of <c>POST /v1/orders</c>.</summary>
    public const string Place = "orders.place";

    /// <summary>Place an order of an amount of money, from a system that names no products.</summary>
    public const string PlaceAmount = "orders.place_amount";

    // Changes of an order. Data names it by order_id or external_id; the rest is the body of the same change over HTTP.
    public const string Confirm = "orders.confirm";
    public const string Pay = "orders.pay";
    public const string Ship = "orders.ship";
    public const string Deliver = "orders.deliver";
    public const string Cancel = "orders.cancel";
    public const string Return = "orders.return";
    public const string Fail = "orders.fail";

    /// <summary>Every type.</summary>
    public static readonly IReadOnlyList<string> Types =
        [Place, PlaceAmount, Confirm, Pay, Ship, Deliver, Cancel, Return, Fail];

    /// <summary>The source of what came in over HTTP with <c>Prefer: respond-async</c>.</summary>
    public const string ApiSource = "/orders/api";

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Unique within its source.</summary>
    public required string Id { get; init; }

    public required string Source { get; init; }

    /// <summary>What is asked, e.g. <see cref="Place"/>.</summary>
    public required string Type { get; init; }

    public DateTimeOffset? Time { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>W3C trace context of whoever asked.</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    public required JsonElement Data { get; init; }
}

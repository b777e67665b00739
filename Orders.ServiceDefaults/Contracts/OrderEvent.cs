using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Contracts;

/// <summary>
/// A change of one order, as a CloudEvents 1.0 event in structured JSON. It carries the whole order at that version:
/// a consumer never reads the database back. Kafka key = order id, so the changes of one order stay in order.
/// Delivery is at least once; consumers drop a version that they already have.
/// </summary>
public sealed record OrderEvent
{
    public const string SourceName = "/orders";
    public const string DataSchemaV1 = "/v1/schemas/order/1";

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary><c>{order id}.{version}</c>: the same change has the same id however often it is delivered.</summary>
    public required string Id { get; init; }

    public string Source { get; init; } = SourceName;

    /// <summary>One of <see cref="OrderEventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The order id.</summary>
    public required string Subject { get; init; }

    /// <summary>When the change was decided, just before its transaction committed.</summary>
    public required DateTimeOffset Time { get; init; }

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    [JsonPropertyName("dataschema")]
    public string DataSchema { get; init; } = DataSchemaV1;

    /// <summary>W3C trace context of the request that caused the change (CloudEvents distributed tracing extension).</summary>
    [JsonPropertyName("traceparent")]
    public string? TraceParent { get; init; }

    /// <summary>
    /// True for an event that is sent once more so that a projection writes the order again although it knows the version; absent
    /// otherwise. Whoever acts on changes ignores it.
    /// </summary>
    [JsonPropertyName("rebuild")]
    public bool? Rebuild { get; init; }

    public required OrderState Data { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    public static string IdOf(string orderId, int version) => $"{orderId}.{version}";
}

/// <summary>Event types: past tense. One per status that an order can reach, and those of changes that keep the status.</summary>
public static class OrderEventTypes
{
    private const string Prefix = "orders.";

    public const string Placed = Prefix + "placed";
    public const string Confirmed = Prefix + "confirmed";
    public const string Paid = Prefix + "paid";
    public const string PartlyShipped = Prefix + "partly_shipped";
    public const string ParcelLost = Prefix + "parcel_lost";
    public const string Shipped = Prefix + "shipped";
    public const string Delivered = Prefix + "delivered";
    public const string Cancelled = Prefix + "cancelled";
    public const string PartlyReturned = Prefix + "partly_returned";
    public const string Returned = Prefix + "returned";
    public const string PartlyCancelled = Prefix + "partly_cancelled";
    public const string Failed = Prefix + "failed";

    /// <summary>The order was not paid in time: it is failed, and its pieces are for sale again.</summary>
    public const string Expired = Prefix + "expired";

    /// <summary>Money arrived for an order that had ended.</summary>
    public const string PaidLate = Prefix + "paid_late";
    public const string Refunded = Prefix + "refunded";
    public const string Edited = Prefix + "edited";

    /// <summary>The order was lived elsewhere and came in as it was.</summary>
    public const string Imported = Prefix + "imported";

    /// <summary>Every type, in the order in which an order usually meets them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Placed, Edited, Confirmed, Paid, PartlyShipped, ParcelLost, PartlyCancelled, Shipped, Delivered, PartlyReturned, Returned,
        Cancelled, Failed, Expired, PaidLate, Refunded, Imported,
    ];

    /// <summary>The type that says an order has reached <paramref name="status"/>.</summary>
    public static string For(OrderStatus status) => Prefix + status.ToWire();
}

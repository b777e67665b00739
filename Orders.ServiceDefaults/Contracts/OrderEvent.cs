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

    public required OrderState Data { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }

    public static string IdOf(string orderId, int version) => $"{orderId}.{version}";
}

/// <summary>Event types: past tense, one per status that an order can reach.</summary>
public static class OrderEventTypes
{
    private const string Prefix = "orders.";

    public const string Placed = Prefix + "placed";
    public const string Cancelled = Prefix + "cancelled";

    /// <summary>The type that says an order has reached <paramref name="status"/>.</summary>
    public static string For(OrderStatus status) => Prefix + status.ToWire();
}

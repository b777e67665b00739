using System.Text.Json.Serialization;

namespace Orders.Contracts;

/// <summary>
/// Where an order stands. On the wire in snake_case (<c>placed</c>, <c>confirmed</c>, ...). The moves between states are
/// the order domain's business (<c>Orders.Api/Domain/OrderLifecycle.cs</c>).
/// </summary>
[JsonConverter(typeof(OrderStatusConverter))]
public enum OrderStatus
{
    Placed,
    Confirmed,
    Paid,
    Shipped,
    Delivered,
    Cancelled,
    Returned,
    Failed,
}

/// <summary>The names of <see cref="OrderStatus"/> as they stand in JSON, SQL and search filters.</summary>
public static class OrderStatuses
{
    private static readonly string[] Names =
        [.. Enum.GetNames<OrderStatus>().Select(name => name.ToLowerInvariant())];

    public static IReadOnlyList<string> All => Names;

    /// <summary>Whether there is still something to be done for an order of this status.</summary>
    public static bool IsOpen(this OrderStatus status) =>
        status is OrderStatus.Placed or OrderStatus.Confirmed or OrderStatus.Paid or OrderStatus.Shipped;

    public static string ToWire(this OrderStatus status) => Names[(int)status];

    /// <summary>False for anything but an exact wire name.</summary>
    public static bool TryParse(string? text, out OrderStatus status)
    {
        var index = text is null ? -1 : Array.IndexOf(Names, text);
        status = index < 0 ? default : (OrderStatus)index;
        return index >= 0;
    }

    /// <exception cref="FormatException">The text is no wire name.</exception>
    public static OrderStatus Parse(string text) =>
        TryParse(text, out var status) ? status : throw new FormatException($"'{text}' is not an order status");
}

internal sealed class OrderStatusConverter : JsonConverter<OrderStatus>
{
    public override OrderStatus Read(
        ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
        OrderStatuses.TryParse(reader.GetString(), out var status)
            ? status
            : throw new System.Text.Json.JsonException("not an order status: expected one of " + string.Join(", ", OrderStatuses.All));

    public override void Write(System.Text.Json.Utf8JsonWriter writer, OrderStatus value, System.Text.Json.JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToWire());
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Analytics;

/// <summary>
/// Orders as rows of <c>analytics.order_facts</c> and <c>analytics.order_item_facts</c>: two JSON arrays whose names are the columns'.
/// One parameter each instead of an array for each of more than forty columns.
/// </summary>
internal static class FactRows
{
    private static readonly JsonWriterOptions Options = new() { Encoder = OrdersJson.Encoder };

    public static (byte[] Orders, byte[] Items) Write(IReadOnlyList<StreamEvent> events)
    {
        var (orders, items) = (new ArrayBufferWriter<byte>(events.Count * 768 + 16), new ArrayBufferWriter<byte>(events.Count * 768 + 16));
        using (var order = new Utf8JsonWriter(orders, Options))
        using (var item = new Utf8JsonWriter(items, Options))
        {
            order.WriteStartArray();
            item.WriteStartArray();
            foreach (var taken in events)
            {
                Write(order, taken.Event.Data);
                foreach (var line in taken.Event.Data.Items) Write(item, taken.OrderId, line);
            }

            order.WriteEndArray();
            item.WriteEndArray();
        }

        return (orders.WrittenSpan.ToArray(), items.WrittenSpan.ToArray());
    }

    private static void Write(Utf8JsonWriter row, OrderState order)
    {
        row.WriteStartObject();
        row.WriteString("order_id", order.Id);
        row.WriteNumber("version", order.Version);
        row.WriteString("number", order.Number);
        row.WriteString("status", order.Status.ToWire());
        row.WriteString("channel", order.Channel);
        row.WriteString("customer_id", order.Customer.Id);
        row.WriteString("city_district", order.Destination.CityDistrict);
        row.WriteString("postcode", order.Destination.Postcode);
        row.WriteString("currency", order.Currency);
        row.WriteNumber("lines", order.Items.Count);
        row.WriteNumber("items", order.Items.Sum(item => (long)item.Quantity));
        row.WriteNumber("subtotal", order.Subtotal);
        row.WriteNumber("discount", order.Discount);
        row.WriteNumber("shipping", order.Shipping);
        row.WriteNumber("tax", order.Tax);
        row.WriteNumber("total", order.Total);
        row.WriteNumber("refunded", order.Refunded ?? 0);
        row.WriteNumber("owed", Owed(order));
        row.WriteNumber("total_weight", order.TotalWeight);
        if (order.DiscountCode is { } code) row.WriteString("discount_code", code);
        if (order.Payment is { } payment) row.WriteString("payment_method", payment.Method);
        WriteInstants(row, order);
        row.WriteEndObject();
    }

    /// <summary>States that are older than the field say it by what was paid and not refunded of an order that has ended.</summary>
    private static decimal Owed(OrderState order) => order.Owed
        ?? (order.Status is OrderStatus.Cancelled or OrderStatus.Failed ? (order.Payment?.Amount ?? 0) - (order.Refunded ?? 0) : 0);

    private static void WriteInstants(Utf8JsonWriter row, OrderState order)
    {
        Write(row, "placed_at", order.PlacedAt);
        Write(row, "updated_at", order.UpdatedAt);
        Write(row, "confirmed_at", order.ConfirmedAt);
        Write(row, "paid_at", order.PaidAt);
        Write(row, "shipped_at", order.ShippedAt);
        Write(row, "delivered_at", order.DeliveredAt);
        Write(row, "cancelled_at", order.CancelledAt);
        Write(row, "returned_at", order.ReturnedAt);
        Write(row, "failed_at", order.FailedAt);
    }

    private static void Write(Utf8JsonWriter row, string orderId, OrderItemState line)
    {
        row.WriteStartObject();
        row.WriteString("order_id", orderId);
        row.WriteNumber("line", line.Line);
        row.WriteString("product_id", line.ProductId);
        row.WriteString("sku", line.Sku);
        row.WriteString("name", line.Name);
        row.WriteString("category", line.Category);
        row.WriteNumber("unit_price", line.UnitPrice);
        row.WriteNumber("weight", line.Weight);
        row.WriteNumber("quantity", line.Quantity);
        row.WriteNumber("total", line.Total);
        row.WriteNumber("discount", line.Discount ?? 0);
        row.WriteNumber("shipped", line.Shipped ?? 0);
        row.WriteNumber("returned", line.Returned ?? 0);
        row.WriteEndObject();
    }

    /// <summary>With microseconds, all that the database keeps; more digits would be rounded there.</summary>
    private static void Write(Utf8JsonWriter row, string name, DateTimeOffset? instant)
    {
        if (instant is { } at)
            row.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
    }
}

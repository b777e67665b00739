using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>Imported orders as the rows of each table, written by binary COPY within the transaction of the connection.</summary>
internal static class OrderImportRows
{
    private const string CopyOrders = """
        copy orders (id, number, external_id, status, version, channel, customer_id, customer_name, customer_email, customer_phone,
            currency, placed_at, stock_taken, address_id, road, house_number, neighborhood, suburb, city_district, state, postcode,
            country, lat, lon, subtotal, discount, discount_code, shipping, tax, total, total_weight, updated_at, confirmed_at, paid_at,
            shipped_at, delivered_at, cancelled_at, returned_at, failed_at, reason, paid_amount, payment_method, payment_reference,
            refunded, owed) from stdin (format binary)
        """;

    private const string CopyItems = """
        copy order_items (order_id, line, product_id, sku, name, description, category, unit_price, weight, quantity, total, discount,
            shipped, returned, cancelled) from stdin (format binary)
        """;

    private const string CopyHistory =
        "copy order_history (order_id, version, status, at, change_id, type, state) from stdin (format binary)";

    private const string CopyRefunds = "copy order_refunds (id, order_id, amount, reason, reference, at) from stdin (format binary)";

    private const string CopyShipments = "copy order_shipments (id, order_id, carrier, tracking, at, lost_at) from stdin (format binary)";

    private const string CopyEvents = "copy outbox (order_id, version, type, payload) from stdin (format binary)";

    /// <param name="connection">In a transaction.</param>
    /// <param name="orders">None of them there yet, by id.</param>
    /// <param name="changeId">Which line of which import it is.</param>
    /// <param name="now">When the events happen: the import, not what is imported.</param>
    /// <param name="cancel">Ends the transaction.</param>
    public static async Task CopyAsync(
        NpgsqlConnection connection, List<ImportedOrder> orders, Func<ImportedOrder, Guid> changeId, DateTimeOffset now,
        CancellationToken cancel)
    {
        await CopyAsync(connection, CopyOrders, orders, (row, entry) => OrderAsync(row, entry.Order), cancel);
        await CopyAsync(connection, CopyItems,
            orders.SelectMany(entry => entry.Order.Items.Select(item => (entry.Order.Id, Item: item))),
            static (row, line) => ItemAsync(row, line.Id, line.Item), cancel);
        await CopyAsync(connection, CopyHistory, orders, (row, entry) => HistoryAsync(row, entry, changeId(entry)), cancel);
        if (orders.Exists(entry => entry.Order.Refunds is not null))
        {
            await CopyAsync(connection, CopyRefunds,
                orders.SelectMany(entry => (entry.Order.Refunds ?? []).Select(refund => (entry.Order.Id, Refund: refund))),
                static (row, entry) => RefundAsync(row, entry.Id, entry.Refund), cancel);
        }

        if (orders.Exists(entry => entry.Order.Shipments is not null))
        {
            await CopyAsync(connection, CopyShipments,
                orders.SelectMany(entry => (entry.Order.Shipments ?? []).Select(parcel => (entry.Order.Id, Parcel: parcel))),
                static (row, entry) => ShipmentAsync(row, entry.Id, entry.Parcel), cancel);
        }

        await CopyAsync(connection, CopyEvents, orders, (row, entry) => EventAsync(row, entry, now), cancel);
    }

    private static async Task CopyAsync<T>(
        NpgsqlConnection connection, string sql, IEnumerable<T> rows, Func<Row, T, ValueTask> write, CancellationToken cancel)
    {
        await using var copy = await connection.BeginBinaryImportAsync(sql, cancel);
        var row = new Row(copy, cancel);
        foreach (var entry in rows)
        {
            await copy.StartRowAsync(cancel);
            await write(row, entry);
        }

        await copy.CompleteAsync(cancel);
    }

    private static async ValueTask OrderAsync(Row row, OrderState order)
    {
        await row.Text(order.Id);
        await row.Text(order.Number);
        await row.Text(order.ExternalId);
        await row.Text(order.Status.ToWire());
        await row.Whole(order.Version);
        await row.Text(order.Channel);
        await row.Text(order.Customer.Id);
        await row.Text(order.Customer.Name);
        await row.Text(order.Customer.Email);
        await row.Text(order.Customer.Phone);
        await row.Text(order.Currency);
        await row.Instant(order.PlacedAt);
        await row.Flag(false);
        await DestinationAsync(row, order.Destination);
        await SumsAsync(row, order);
        await row.Instant(order.UpdatedAt);
        await row.Instant(order.ConfirmedAt);
        await row.Instant(order.PaidAt);
        await row.Instant(order.ShippedAt);
        await row.Instant(order.DeliveredAt);
        await row.Instant(order.CancelledAt);
        await row.Instant(order.ReturnedAt);
        await row.Instant(order.FailedAt);
        await row.Text(order.Reason);
        await row.Amount(order.Payment?.Amount);
        await row.Text(order.Payment?.Method);
        await row.Text(order.Payment?.Reference);
        await row.Amount(order.Refunded ?? 0.00m);
        await row.Amount(order.Owed ?? 0.00m);
    }

    private static async ValueTask DestinationAsync(Row row, AddressSnapshot place)
    {
        await row.Text(place.Id);
        await row.Text(place.Road);
        await row.Text(place.HouseNumber);
        await row.Text(place.Neighborhood);
        await row.Text(place.Suburb);
        await row.Text(place.CityDistrict);
        await row.Text(place.State);
        await row.Text(place.Postcode);
        await row.Text(place.Country);
        await row.Degrees(place.Lat);
        await row.Degrees(place.Lon);
    }

    private static async ValueTask SumsAsync(Row row, OrderState order)
    {
        await row.Amount(order.Subtotal);
        await row.Amount(order.Discount);
        await row.Text(order.DiscountCode);
        await row.Amount(order.Shipping);
        await row.Amount(order.Tax);
        await row.Amount(order.Total);
        await row.Amount(order.TotalWeight);
    }

    private static async ValueTask ItemAsync(Row row, string orderId, OrderItemState item)
    {
        await row.Text(orderId);
        await row.Whole(item.Line);
        await row.Text(item.ProductId);
        await row.Text(item.Sku);
        await row.Text(item.Name);
        await row.Text(item.Description);
        await row.Text(item.Category);
        await row.Amount(item.UnitPrice);
        await row.Amount(item.Weight);
        await row.Whole(item.Quantity);
        await row.Amount(item.Total);
        await row.Amount(item.Discount ?? 0.00m);
        await row.Whole(item.Shipped ?? 0);
        await row.Whole(item.Returned ?? 0);
        await row.Whole(item.Cancelled ?? 0);
    }

    private static async ValueTask HistoryAsync(Row row, ImportedOrder entry, Guid changeId)
    {
        var order = entry.Order;
        await row.Text(order.Id);
        await row.Whole(order.Version);
        await row.Text(order.Status.ToWire());
        await row.Instant(order.UpdatedAt);
        await row.Id(changeId);
        await row.Text(OrderEventTypes.Imported);
        await row.Json(entry.Json);
    }

    private static async ValueTask RefundAsync(Row row, string orderId, RefundState refund)
    {
        await row.Text(refund.Id);
        await row.Text(orderId);
        await row.Amount(refund.Amount);
        await row.Text(refund.Reason);
        await row.Text(refund.Reference);
        await row.Instant(refund.At);
    }

    private static async ValueTask ShipmentAsync(Row row, string orderId, ShipmentState parcel)
    {
        await row.Text(parcel.Id);
        await row.Text(orderId);
        await row.Text(parcel.Carrier);
        await row.Text(parcel.Tracking);
        await row.Instant(parcel.At);
        await row.Instant(parcel.LostAt);
    }

    // Without a trace context: a trace with a span for each of a million orders helps nobody.
    private static async ValueTask EventAsync(Row row, ImportedOrder entry, DateTimeOffset now)
    {
        var order = entry.Order;
        await row.Text(order.Id);
        await row.Whole(order.Version);
        await row.Text(OrderEventTypes.Imported);
        await row.Json(JsonSerializer.SerializeToUtf8Bytes(new OrderEvent
        {
            Id = OrderEvent.IdOf(order.Id, order.Version), Type = OrderEventTypes.Imported, Subject = order.Id, Time = now, Data = order,
        }, OrdersJson.Default.OrderEvent));
    }

    /// <summary>The columns of one row, left to right, each in the table's own type.</summary>
    private readonly record struct Row(NpgsqlBinaryImporter Copy, CancellationToken Cancel)
    {
        public Task Text(string? value) => value is null ? Copy.WriteNullAsync(Cancel) : Copy.WriteAsync(value, NpgsqlDbType.Text, Cancel);

        public Task Whole(int value) => Copy.WriteAsync(value, NpgsqlDbType.Integer, Cancel);

        public Task Flag(bool value) => Copy.WriteAsync(value, NpgsqlDbType.Boolean, Cancel);

        public Task Id(Guid value) => Copy.WriteAsync(value, NpgsqlDbType.Uuid, Cancel);

        public Task Json(byte[] utf8) => Copy.WriteAsync(utf8, NpgsqlDbType.Json, Cancel);

        public Task Amount(decimal? value) =>
            value is { } amount ? Copy.WriteAsync(amount, NpgsqlDbType.Numeric, Cancel) : Copy.WriteNullAsync(Cancel);

        public Task Degrees(double? value) =>
            value is { } degrees ? Copy.WriteAsync(degrees, NpgsqlDbType.Double, Cancel) : Copy.WriteNullAsync(Cancel);

        public Task Instant(DateTimeOffset? value) =>
            value is { } instant ? Copy.WriteAsync(instant, NpgsqlDbType.TimestampTz, Cancel) : Copy.WriteNullAsync(Cancel);
    }
}

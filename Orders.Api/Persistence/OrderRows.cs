using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>An order as rows: the statements of one write.</summary>
internal static class OrderRows
{
    private const string InsertOrder = """
        insert into orders (id, number, external_id, status, version, channel, customer_id, customer_name, customer_email, customer_phone,
            currency, placed_at, stock_taken,
            address_id, road, house_number, neighborhood, suburb, city_district, state, postcode, country, lat, lon,
            subtotal, discount, discount_code, shipping, tax, total, total_weight, updated_at, confirmed_at, paid_at, shipped_at,
            delivered_at, cancelled_at, returned_at, failed_at, reason, paid_amount, payment_method, payment_reference, refunded, owed)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $45, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
            $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44)
        """;

    private const string UpdateOrder = """
        update orders set version = version + 1, status = $4,
            address_id = $5, road = $6, house_number = $7, neighborhood = $8, suburb = $9, city_district = $10, state = $11,
            postcode = $12, country = $13, lat = $14, lon = $15, subtotal = $16, discount = $17, discount_code = $18, shipping = $19,
            tax = $20, total = $21, total_weight = $22, updated_at = $23, confirmed_at = $24, paid_at = $25, shipped_at = $26,
            delivered_at = $27, cancelled_at = $28, returned_at = $29, failed_at = $30, reason = $31, paid_amount = $32,
            payment_method = $33, payment_reference = $34, refunded = $35, owed = $36, taken = coalesce($37, taken)
        where id = $1 and version = $2 and status = any ($3)
        """;

    private const string InsertItems = """
        insert into order_items (order_id, line, product_id, sku, name, description, category, unit_price, weight, quantity, total,
            discount, shipped, returned, cancelled)
        select $1, * from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::numeric[],
            $9::numeric[], $10::integer[], $11::numeric[], $12::numeric[], $13::integer[], $14::integer[],
            $15::integer[])
        """;

    // The order's own version is asked for: if its row is not there as it should be by now, the null ends the whole write.
    private const string InsertHistory = """
        insert into order_history (order_id, version, status, at, reason, change_id, type, state, traceparent)
        values ($1, (select version from orders where id = $1 and version = $2), $3, $4, $5, $6, $7, $8, $9)
        """;

    public const string InsertEvent =
        "insert into outbox (order_id, version, type, traceparent, payload) values ($1, $2, $3, $4, $5)";

    /// <summary>
    /// The statements that write the change, in the order in which they have to run: the order's own row comes first, so that two
    /// changes of one order meet there and nowhere else.
    /// </summary>
    public static void Add(NpgsqlBatchCommandCollection commands, OrderChange change, Guid changeId, OrderPayload payload)
    {
        var order = change.Order;
        commands.Add(change.From == 0 ? Insert(change) : Update(change));
        commands.Add(Sql.Command(InsertHistory,
            Sql.Text(order.Id), Sql.Whole(order.Version), Sql.Text(order.Status.ToWire()), Sql.Instant(order.UpdatedAt),
            Sql.Text(change.Reason), Sql.Id(changeId), Sql.Text(change.Type), Sql.Json(payload.State),
            Sql.Text(payload.TraceParent)));
        if (change.LinesChanged && change.From > 0) commands.Add(Sql.Command("delete from order_items where order_id = $1", Sql.Text(
            order.Id)));
        if (change.LinesChanged) commands.Add(Items(order));
        if (change.Refund is { } refund) commands.Add(Refund(order.Id, refund));
        if (change.Shipment is { } shipment) commands.Add(Shipment(order.Id, shipment));
        if (change.LostShipment is { } lost)
        {
            commands.Add(Sql.Command("update order_shipments set lost_at = $2 where id = $1", Sql.Text(lost.Id), Sql.Instant(lost.LostAt)));
        }

        commands.Add(Sql.Command(InsertEvent,
            Sql.Text(order.Id), Sql.Whole(order.Version), Sql.Text(change.Type), Sql.Text(payload.TraceParent),
            Sql.Json(payload.Event)));
    }

    public static NpgsqlBatchCommand Stock(OrderChange change) => Sql.Command(
        "select take_stock($1, $2)",
        Sql.Texts([.. change.Stock.Select(move => move.ProductId)]), Sql.Wholes([.. change.Stock.Select(move => move.Taken)]));

    /// <summary>
    /// Counts a use of a limited code, and remembers on the order which code it was: a code of the same name may follow it.
    /// </summary>
    public static NpgsqlBatchCommand UseCode(string orderId, string code) => Sql.Command(
        "update orders set discount_use = use_discount($2) where id = $1", Sql.Text(orderId), Sql.Text(code));

    /// <param name="order">The order after the change.</param>
    /// <param name="type">What happened.</param>
    /// <param name="traceParent">W3C trace context of the request that made it.</param>
    public static OrderEvent Event(OrderState order, string type, string? traceParent) => new()
    {
        Id = OrderEvent.IdOf(order.Id, order.Version),
        Type = type,
        Subject = order.Id,
        Time = order.UpdatedAt,
        TraceParent = traceParent,
        Data = order,
    };

    public static NpgsqlBatchCommand Refund(string orderId, RefundState refund) => Sql.Command(
        "insert into order_refunds (id, order_id, amount, reason, reference, at) values ($1, $2, $3, $4, $5, $6)",
        Sql.Text(refund.Id), Sql.Text(orderId), Sql.Amount(refund.Amount), Sql.Text(refund.Reason), Sql.Text(refund.Reference),
        Sql.Instant(refund.At));

    public static NpgsqlBatchCommand Shipment(string orderId, ShipmentState shipment) => Sql.Command(
        "insert into order_shipments (id, order_id, carrier, tracking, at, lost_at) values ($1, $2, $3, $4, $5, $6)",
        Sql.Text(shipment.Id), Sql.Text(orderId), Sql.Text(shipment.Carrier), Sql.Text(shipment.Tracking), Sql.Instant(shipment.At),
        Sql.Instant(shipment.LostAt));

    private static NpgsqlBatchCommand Insert(OrderChange change) => Insert(change.Order, change.StockTaken);

    private static NpgsqlBatchCommand Insert(OrderState order, bool stockTaken) => Sql.Command(InsertOrder,
    [
        Sql.Text(order.Id), Sql.Text(order.Number), Sql.Text(order.ExternalId), Sql.Text(order.Status.ToWire()), Sql.Whole(order.Version),
        Sql.Text(order.Channel), Sql.Text(order.Customer.Id), Sql.Text(order.Customer.Name), Sql.Text(order.Customer.Email),
        Sql.Text(order.Customer.Phone), Sql.Text(order.Currency), Sql.Instant(order.PlacedAt), .. Changeable(order),
        Sql.Flag(stockTaken),
    ]);

    // The statuses that can lead here: the third lock beside the version's and the history's.
    private static NpgsqlBatchCommand Update(OrderChange change) => Sql.Command(UpdateOrder,
    [
        Sql.Text(change.Order.Id), Sql.Whole(change.From),
        Sql.Texts([.. Enum.GetValues<OrderStatus>().Where(from => MayLead(from, change)).Select(OrderStatuses.ToWire)]),
        Sql.Text(change.Order.Status.ToWire()), .. Changeable(change.Order), Sql.Wholes(Taken(change)),
    ]);

    /// <summary>Null when the change moves no piece: then what the row says, or what follows from it, still holds.</summary>
    private static int[]? Taken(OrderChange change) =>
        change.LinesChanged || change.Stock.Count > 0 ? [.. change.Order.Items.Select(item => item.Taken)] : null;

    private static bool MayLead(OrderStatus from, OrderChange change)
    {
        if (change.Type == OrderEventTypes.ParcelLost) return from is OrderStatus.Paid or OrderStatus.Shipped;
        if (change.Type == OrderEventTypes.Expired) return OrderLifecycle.CanMove(from, OrderStatus.Failed);
        // Pieces come back before the last parcel is there.
        if (change.Type == OrderEventTypes.Returned) return from is OrderStatus.Paid or OrderStatus.Shipped or OrderStatus.Delivered;
        return change.Type == OrderEventTypes.For(change.Order.Status)
            ? OrderLifecycle.CanMove(from, change.Order.Status)
            : from == change.Order.Status;
    }

    /// <summary>The columns that a change may touch, in the order of both statements.</summary>
    public static NpgsqlParameter[] Changeable(OrderState order) =>
    [
        Sql.Text(order.Destination.Id), Sql.Text(order.Destination.Road), Sql.Text(order.Destination.HouseNumber),
        Sql.Text(order.Destination.Neighborhood), Sql.Text(order.Destination.Suburb), Sql.Text(order.Destination.CityDistrict),
        Sql.Text(order.Destination.State), Sql.Text(order.Destination.Postcode), Sql.Text(order.Destination.Country),
        Sql.Degrees(order.Destination.Lat), Sql.Degrees(order.Destination.Lon),
        Sql.Amount(order.Subtotal), Sql.Amount(order.Discount), Sql.Text(order.DiscountCode), Sql.Amount(order.Shipping),
        Sql.Amount(order.Tax), Sql.Amount(order.Total), Sql.Amount(order.TotalWeight), Sql.Instant(order.UpdatedAt),
        Sql.Instant(order.ConfirmedAt), Sql.Instant(order.PaidAt), Sql.Instant(order.ShippedAt), Sql.Instant(order.DeliveredAt),
        Sql.Instant(order.CancelledAt), Sql.Instant(order.ReturnedAt), Sql.Instant(order.FailedAt), Sql.Text(order.Reason),
        Sql.Amount(order.Payment?.Amount), Sql.Text(order.Payment?.Method), Sql.Text(order.Payment?.Reference),
        Sql.Amount(order.Refunded ?? 0.00m), Sql.Amount(order.Owed ?? 0.00m),
    ];

    public static NpgsqlBatchCommand Items(OrderState order)
    {
        var items = order.Items;
        return Sql.Command(InsertItems,
            Sql.Text(order.Id), Sql.Wholes([.. items.Select(item => item.Line)]), Sql.Texts([.. items.Select(item => item.ProductId)]),
            Sql.Texts([.. items.Select(item => item.Sku)]), Sql.Texts([.. items.Select(item => item.Name)]),
            Sql.Texts([.. items.Select(item => item.Description)]), Sql.Texts([.. items.Select(item => item.Category)]),
            Sql.Amounts([.. items.Select(item => item.UnitPrice)]), Sql.Amounts([.. items.Select(item => item.Weight)]),
            Sql.Wholes([.. items.Select(item => item.Quantity)]), Sql.Amounts([.. items.Select(item => item.Total)]),
            Sql.Amounts([.. items.Select(item => item.Discount ?? 0.00m)]), Sql.Wholes([.. items.Select(item => item.Shipped ?? 0)]),
            Sql.Wholes([.. items.Select(item => item.Returned ?? 0)]), Sql.Wholes([.. items.Select(item => item.Cancelled ?? 0)]));
    }
}

/// <summary>A change as the bytes that are stored and sent.</summary>
/// <param name="State">The order.</param>
/// <param name="Event">Its event.</param>
/// <param name="TraceParent">The request's trace context, so that what happens to the event later belongs to the same trace.</param>
internal sealed record OrderPayload(byte[] State, byte[] Event, string? TraceParent)
{
    public static OrderPayload Of(OrderChange change)
    {
        var traceParent = Activity.Current?.Id;
        return new OrderPayload(
            OrderBytes.Of(change.Order),
            JsonSerializer.SerializeToUtf8Bytes(OrderRows.Event(change.Order, change.Type, traceParent), OrdersJson.Default.OrderEvent),
            traceParent);
    }
}

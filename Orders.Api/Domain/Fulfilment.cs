using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Parcels out and pieces back, line by line. An order is shipped when its last piece has left and returned when its last piece
/// has come back; before that it keeps its status. Never more leaves than was bought, and never more comes back than has left.
/// </summary>
internal static class Fulfilment
{
    /// <param name="order">A paid order.</param>
    /// <param name="carrier">Who carries the parcel.</param>
    /// <param name="tracking">Their tracking number.</param>
    /// <param name="lines">What is in it; null: everything that has not left yet.</param>
    /// <param name="now">When it left.</param>
    public static Outcome<OrderChange> Ship(
        this OrderState order, string carrier, string? tracking, IReadOnlyList<LineQuantity>? lines, DateTimeOffset now)
    {
        if (!OrderLifecycle.CanMove(order.Status, OrderStatus.Shipped))
            return new OrderError.IllegalMove(order.Id, order.Status, OrderStatus.Shipped);
        var picked = Pieces.Pick(lines, order.Items, Cancelling.Open, "has left already or was cancelled");
        if (picked.Value is not { } parcel) return picked.Error!;

        var items = order.Items.Select(item => Sent(order, item, parcel)).ToArray();
        var change = new OrderChange(order.Next(now) with { Items = items }, OrderEventTypes.PartlyShipped);
        var shipment = new ShipmentState
        {
            Id = OrderIds.NewId(OrderIds.ShipmentPrefix, change.Order.UpdatedAt),
            Carrier = carrier, Tracking = tracking, Lines = parcel, At = change.Order.UpdatedAt,
        };
        change = change with { Order = change.Order with { Shipments = [.. order.Shipments ?? [], shipment] } };
        return (items.Any(item => item.Open() > 0) ? change : Ended(change)) with
        {
            LinesChanged = true,
            Shipment = shipment,
            Stock = StockMove.Sum(order.Items.Zip(items, (before, after) => (before.ProductId, after.Taken - before.Taken))),
        };
    }

    /// <summary>
    /// A parcel will not arrive. Its pieces are open once more: they are sent again, which takes them from the shelf, or cancelled. An
    /// order that was shipped is paid again until then.
    /// </summary>
    public static Outcome<OrderChange> Lose(this OrderState order, string shipmentId, string? reason, DateTimeOffset now)
    {
        if (order.Shipments?.FirstOrDefault(shipment => shipment.Id == shipmentId) is not { } parcel)
            return new OrderError.NotFound("shipment", shipmentId);
        if (order.Status is not (OrderStatus.Paid or OrderStatus.Shipped) || parcel.LostAt is not null)
            return new OrderError.NotLosable(order.Id, shipmentId, parcel.LostAt is not null);
        if (order.Items.Any(item => (item.Shipped ?? 0) - (item.Returned ?? 0) < Pieces.In(parcel.Lines, item.Line)))
            return new OrderError.NotLosable(order.Id, shipmentId, false);

        var next = order.Next(now);
        var lost = parcel with { LostAt = next.UpdatedAt };
        return new OrderChange(next with
        {
            Status = OrderStatus.Paid,
            ShippedAt = null,
            Items = [.. order.Items.Select(item => Lost(item, Pieces.In(parcel.Lines, item.Line)))],
            Shipments = [.. order.Shipments.Select(shipment => shipment.Id == shipmentId ? lost : shipment)],
        }, OrderEventTypes.ParcelLost) { Reason = reason, LinesChanged = true, LostShipment = lost };
    }

    /// <param name="order">An order of which pieces have arrived: delivered, or partly on its way.</param>
    /// <param name="lines">What came back; null, for a delivered order: everything that has not come back yet.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">When it came back.</param>
    public static Outcome<OrderChange> Return(
        this OrderState order, IReadOnlyList<LineQuantity>? lines, string? reason, DateTimeOffset now)
    {
        var isEarly = order.Status is OrderStatus.Paid or OrderStatus.Shipped && order.HasShipped() && lines is not null;
        if (!isEarly && !OrderLifecycle.CanMove(order.Status, OrderStatus.Returned))
            return new OrderError.IllegalMove(order.Id, order.Status, OrderStatus.Returned);
        var picked = Pieces.Pick(
            lines, order.Items, item => (item.Shipped ?? 0) - (item.Returned ?? 0), "has not left or came back already");
        if (picked.Value is not { } back) return picked.Error!;

        var items = order.Items.Select(item => item with
        {
            Returned = Pieces.Plus(item.Returned, back, item.Line), Taken = Math.Max(0, item.Taken - Pieces.In(back, item.Line)),
        }).ToArray();
        var change = new OrderChange(order.Next(now) with { Items = items }, OrderEventTypes.PartlyReturned) { Reason = reason };
        var returned = new ReturnState
        {
            Id = OrderIds.NewId(OrderIds.ReturnPrefix, change.Order.UpdatedAt), Reason = reason, Lines = back, At = change.Order.UpdatedAt,
        };
        change = change with { Order = change.Order with { Returns = [.. order.Returns ?? [], returned] } };
        return (IsAllBack(items) ? Ended(change) : change) with
        {
            LinesChanged = true,
            Stock = StockMove.Sum(order.Items.Zip(items, (before, after) => (before.ProductId, after.Taken - before.Taken))),
        };
    }

    /// <summary>
    /// The change when no piece is open any more: the order is shipped, or returned when every piece that had left is back. What came
    /// back has left and arrived, so these steps are reached with it when they were not recorded.
    /// </summary>
    public static OrderChange Ended(OrderChange change)
    {
        var (order, at) = (change.Order, change.Order.UpdatedAt);
        var isBack = IsAllBack(order.Items);
        var status = isBack ? OrderStatus.Returned : OrderStatus.Shipped;
        return change with
        {
            Type = OrderEventTypes.For(status),
            Order = (order with
            {
                Status = status,
                Reason = change.Reason ?? order.Reason,
                ShippedAt = order.ShippedAt ?? at,
                DeliveredAt = isBack ? order.DeliveredAt ?? at : null,
                ReturnedAt = isBack ? at : null,
            }).Balanced(),
        };
    }

    private static bool IsAllBack(IReadOnlyList<OrderItemState> items) =>
        items.All(item => item.Open() == 0 && (item.Returned ?? 0) == (item.Shipped ?? 0)) && items.Any(item => item.Returned > 0);

    private static OrderItemState Sent(OrderState order, OrderItemState item, IReadOnlyList<LineQuantity> parcel)
    {
        var pieces = Pieces.In(parcel, item.Line);
        if (pieces == 0) return item;
        // The first time a piece leaves it was taken when it was bought; what replaces a lost one is taken now.
        var lost = order.Shipments?.Sum(shipment => shipment.LostAt is null ? 0 : Pieces.In(shipment.Lines, item.Line)) ?? 0;
        var left = (item.Shipped ?? 0) + lost + pieces;
        var replaced = Math.Clamp(left - (item.Quantity - (item.Cancelled ?? 0)), 0, Math.Min(lost, pieces));
        return item with { Shipped = (item.Shipped ?? 0) + pieces, Taken = item.Taken + replaced };
    }

    private static OrderItemState Lost(OrderItemState item, int pieces)
    {
        if (pieces == 0) return item;
        var shipped = item.Shipped!.Value - pieces;
        return item with { Shipped = shipped == 0 ? null : shipped, Taken = Math.Max(0, item.Taken - pieces) };
    }
}

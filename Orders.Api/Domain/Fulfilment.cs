using System.Globalization;
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
        var open = order.Items.ToDictionary(item => item.Line, item => item.Quantity - (item.Shipped ?? 0));
        var picked = Pick(lines, open, "has left already");
        if (picked.Value is not { } parcel) return picked.Error!;

        var items = order.Items.Select(item => item with { Shipped = Plus(item.Shipped, parcel, item.Line) }).ToArray();
        var whole = items.All(item => item.Shipped == item.Quantity);
        var change = whole
            ? order.MoveTo(OrderStatus.Shipped, null, now).Value!
            : new OrderChange(order.Next(now), OrderEventTypes.PartlyShipped);
        var shipment = new ShipmentState
        {
            Id = OrderIds.NewId(OrderIds.ShipmentPrefix, change.Order.UpdatedAt),
            Carrier = carrier, Tracking = tracking, Lines = parcel, At = change.Order.UpdatedAt,
        };
        return change with
        {
            Order = change.Order with { Items = items, Shipments = [.. order.Shipments ?? [], shipment] },
            LinesChanged = true,
            Shipment = shipment,
        };
    }

    /// <param name="order">A delivered order.</param>
    /// <param name="lines">What came back; null: everything that has not come back yet.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">When it came back.</param>
    public static Outcome<OrderChange> Return(
        this OrderState order, IReadOnlyList<LineQuantity>? lines, string? reason, DateTimeOffset now)
    {
        if (!OrderLifecycle.CanMove(order.Status, OrderStatus.Returned))
            return new OrderError.IllegalMove(order.Id, order.Status, OrderStatus.Returned);
        var open = order.Items.ToDictionary(item => item.Line, item => item.Quantity - (item.Returned ?? 0));
        var picked = Pick(lines, open, "came back already");
        if (picked.Value is not { } back) return picked.Error!;

        var items = order.Items.Select(item => item with
        {
            Returned = Plus(item.Returned, back, item.Line), Taken = Math.Max(0, item.Taken - In(back, item.Line)),
        }).ToArray();
        var whole = items.All(item => item.Returned == item.Quantity);
        var change = whole
            ? order.MoveTo(OrderStatus.Returned, reason, now).Value!
            : new OrderChange(order.Next(now), OrderEventTypes.PartlyReturned) { Reason = reason };
        var returned = new ReturnState
        {
            Id = OrderIds.NewId(OrderIds.ReturnPrefix, change.Order.UpdatedAt), Reason = reason, Lines = back, At = change.Order.UpdatedAt,
        };
        return change with
        {
            Order = change.Order with { Items = items, Returns = [.. order.Returns ?? [], returned] },
            LinesChanged = true,
            Stock = StockMove.Sum(order.Items.Zip(items, (before, after) => (before.ProductId, after.Taken - before.Taken))),
        };
    }

    /// <summary>The lines that are meant, each once, within what is open.</summary>
    private static Outcome<IReadOnlyList<LineQuantity>> Pick(
        IReadOnlyList<LineQuantity>? lines, Dictionary<int, int> open, string gone)
    {
        // Nothing is open only in an order that has moved on, and that was refused before.
        if (lines is null)
        {
            return new Outcome<IReadOnlyList<LineQuantity>>(
                [.. open.Where(line => line.Value > 0).Select(line => new LineQuantity(line.Key, line.Value))], null);
        }

        for (var i = 0; i < lines.Count; i++)
        {
            var (line, quantity) = lines[i];
            if (!open.TryGetValue(line, out var left)) return Refused(i, "line", "the order has no such line");
            if (lines.Take(i).Any(other => other.Line == line)) return Refused(i, "line", "stands more than once");
            if (quantity > left)
                return Refused(i, "quantity", string.Create(CultureInfo.InvariantCulture, $"only {left} can be meant, the rest {gone}"));
        }

        return new Outcome<IReadOnlyList<LineQuantity>>([.. lines.OrderBy(line => line.Line)], null);
    }

    private static Outcome<IReadOnlyList<LineQuantity>> Refused(int index, string field, string reason) =>
        new(null, new OrderError.Unusable(string.Create(CultureInfo.InvariantCulture, $"lines[{index}].{field}"), reason));

    private static int? Plus(int? before, IReadOnlyList<LineQuantity> moved, int line) =>
        In(moved, line) is > 0 and var pieces ? (before ?? 0) + pieces : before;

    private static int In(IReadOnlyList<LineQuantity> moved, int line) => moved.FirstOrDefault(entry => entry.Line == line)?.Quantity ?? 0;
}

using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Ending an order, or the pieces of it that have not left. Gives back what was taken from the shelf and no more; money that was paid
/// for it is owed from then on (<see cref="Balance"/>).
/// </summary>
internal static class Cancelling
{
    /// <summary>Pieces of it have left; whether it is known in which parcels does not matter.</summary>
    public static bool HasShipped(this OrderState order) => order.Items.Any(item => item.Shipped > 0);

    /// <summary>Pieces that have neither left nor been cancelled.</summary>
    public static int Open(this OrderItemState item) => item.Quantity - (item.Cancelled ?? 0) - (item.Shipped ?? 0);

    /// <summary>The whole order. What is partly on its way is cancelled by lines: only what has not left can be.</summary>
    public static Outcome<OrderChange> Cancel(this OrderState order, string? reason, DateTimeOffset now)
    {
        if (order.HasShipped() && OrderLifecycle.CanMove(order.Status, OrderStatus.Cancelled))
            return new OrderError.PartlyShipped(order.Id);
        return order.GiveBack(OrderStatus.Cancelled, reason, now);
    }

    /// <summary>The order cannot be carried out, e.g. because it was never paid.</summary>
    public static Outcome<OrderChange> Fail(this OrderState order, string? reason, DateTimeOffset now) =>
        order.GiveBack(OrderStatus.Failed, reason, now);

    /// <summary>An order that was neither paid nor changed for so long: what it keeps from others goes back.</summary>
    public static Outcome<OrderChange> Expire(this OrderState order, TimeSpan unpaidMax, DateTimeOffset now)
    {
        if (order.Status is not (OrderStatus.Placed or OrderStatus.Confirmed) || now - order.UpdatedAt < unpaidMax)
            return new OrderError.IllegalMove(order.Id, order.Status, OrderStatus.Failed);
        var failed = order.Fail("not paid in time", now);
        return failed.Value is { } change ? change with { Type = OrderEventTypes.Expired } : failed;
    }

    /// <summary>
    /// Some pieces of a paid order. When nothing is left to be sent the order is shipped, or cancelled when nothing ever was.
    /// </summary>
    /// <param name="order">A paid order; lines of an unpaid one are edited.</param>
    /// <param name="lines">What is cancelled.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">When.</param>
    public static Outcome<OrderChange> CancelLines(
        this OrderState order, IReadOnlyList<LineQuantity> lines, string? reason, DateTimeOffset now)
    {
        if (order.Status is OrderStatus.Placed or OrderStatus.Confirmed)
            return new OrderError.Unusable("items", "the order is not paid: its lines are changed with PATCH");
        if (order.Status is not OrderStatus.Paid) return new OrderError.IllegalMove(order.Id, order.Status, OrderStatus.Cancelled);
        var picked = Pieces.Pick(lines, order.Items, Open, "has left or was cancelled", "items");
        if (picked.Value is not { } gone) return picked.Error!;
        if (!order.HasShipped() && order.Items.All(item => item.Open() == Pieces.In(gone, item.Line))) return order.Cancel(reason, now);

        var items = order.Items.Select(item => Without(item, Pieces.In(gone, item.Line))).ToArray();
        var next = (order.Next(now) with { Items = items }).Balanced();
        var change = new OrderChange(next, OrderEventTypes.PartlyCancelled) { Reason = reason };
        return (items.Any(item => item.Open() > 0) ? change : Fulfilment.Ended(change)) with
        {
            LinesChanged = true,
            Stock = StockMove.Sum(order.Items.Zip(items, (before, after) => (before.ProductId, after.Taken - before.Taken))),
        };
    }

    private static OrderItemState Without(OrderItemState item, int pieces)
    {
        if (pieces == 0) return item;
        // Of what was taken some is on its way; only the rest is still there to be put back.
        var held = Math.Max(0, item.Taken - ((item.Shipped ?? 0) - (item.Returned ?? 0)));
        return item with { Cancelled = (item.Cancelled ?? 0) + pieces, Taken = item.Taken - Math.Min(held, pieces) };
    }

    private static Outcome<OrderChange> GiveBack(this OrderState order, OrderStatus status, string? reason, DateTimeOffset now)
    {
        var moved = order.MoveTo(status, reason, now);
        return moved.Value is { } change
            ? change with
            {
                Order = (change.Order with { Items = [.. order.Items.Select(item => item with { Taken = 0 })] }).Balanced(),
                Stock = StockMove.Sum(order.Items.Select(item => (item.ProductId, -item.Taken))),
                CodeReturned = true,
            }
            : moved;
    }
}

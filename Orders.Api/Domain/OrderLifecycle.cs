using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Which states an order can move to, and what each move does:
/// <code>
/// placed -> confirmed -> paid -> shipped -> delivered -> returned
///   placed | confirmed | paid -> cancelled        placed | confirmed -> failed
/// </code>
/// Shipping, returning and refunding in parts are in <see cref="Fulfilment"/> and <see cref="Refunds"/>.
/// </summary>
internal static class OrderLifecycle
{
    private static readonly Dictionary<OrderStatus, OrderStatus[]> Moves = new()
    {
        [OrderStatus.Placed] = [OrderStatus.Confirmed, OrderStatus.Cancelled, OrderStatus.Failed],
        [OrderStatus.Confirmed] = [OrderStatus.Paid, OrderStatus.Cancelled, OrderStatus.Failed],
        [OrderStatus.Paid] = [OrderStatus.Shipped, OrderStatus.Cancelled],
        [OrderStatus.Shipped] = [OrderStatus.Delivered],
        [OrderStatus.Delivered] = [OrderStatus.Returned],
        [OrderStatus.Cancelled] = [],
        [OrderStatus.Returned] = [],
        [OrderStatus.Failed] = [],
    };

    public static bool CanMove(OrderStatus from, OrderStatus to) => Array.IndexOf(Moves[from], to) >= 0;

    public static Outcome<OrderChange> Confirm(this OrderState order, DateTimeOffset now) =>
        order.MoveTo(OrderStatus.Confirmed, null, now);

    /// <summary>The whole total at once; an amount that is not the total is refused.</summary>
    public static Outcome<OrderChange> Pay(
        this OrderState order, string method, string? reference, decimal amount, DateTimeOffset now)
    {
        var moved = order.MoveTo(OrderStatus.Paid, null, now);
        if (moved.Value is not { } change) return moved;
        if (amount != order.Total)
            return new OrderError.Unusable("amount", FormattableString.Invariant(
                $"must be the order's total, {order.Total} {order.Currency}"));
        var payment = new PaymentState
        {
            Method = method, Reference = reference, Amount = Money.Round(amount), At = change.Order.UpdatedAt,
        };
        return change with { Order = change.Order with { Payment = payment } };
    }

    public static Outcome<OrderChange> Deliver(this OrderState order, DateTimeOffset now) =>
        order.MoveTo(OrderStatus.Delivered, null, now);

    /// <summary>Pieces of it are on their way; whether it is known in which parcels does not matter.</summary>
    public static bool HasShipped(this OrderState order) => order.Items.Any(item => item.Shipped > 0);

    /// <summary>Gives the pieces back. What is partly on its way cannot be cancelled: it is returned when it has arrived.</summary>
    public static Outcome<OrderChange> Cancel(this OrderState order, string? reason, DateTimeOffset now)
    {
        if (order.HasShipped() && CanMove(order.Status, OrderStatus.Cancelled))
            return new OrderError.PartlyShipped(order.Id);
        return order.GiveBack(OrderStatus.Cancelled, reason, now);
    }

    /// <summary>The order cannot be carried out, e.g. because it was never paid. Gives the pieces back.</summary>
    public static Outcome<OrderChange> Fail(this OrderState order, string? reason, DateTimeOffset now) =>
        order.GiveBack(OrderStatus.Failed, reason, now);

    /// <summary>The order at its next version in <paramref name="status"/>, with that status's own instant.</summary>
    public static Outcome<OrderChange> MoveTo(this OrderState order, OrderStatus status, string? reason, DateTimeOffset now)
    {
        if (!CanMove(order.Status, status)) return new OrderError.IllegalMove(order.Id, order.Status, status);

        var next = order.Next(now) with { Status = status, Reason = reason ?? order.Reason };
        var at = next.UpdatedAt;
        return new OrderChange(status switch
        {
            OrderStatus.Confirmed => next with { ConfirmedAt = at },
            OrderStatus.Paid => next with { PaidAt = at },
            OrderStatus.Shipped => next with { ShippedAt = at },
            OrderStatus.Delivered => next with { DeliveredAt = at },
            OrderStatus.Cancelled => next with { CancelledAt = at },
            OrderStatus.Returned => next with { ReturnedAt = at },
            OrderStatus.Failed => next with { FailedAt = at },
            _ => throw new InvalidOperationException($"nothing moves to {status}"),
        }, OrderEventTypes.For(status)) { Reason = reason };
    }

    /// <summary>
    /// The order one version on. Time never runs backwards within an order, whatever the clocks of the replicas say.
    /// </summary>
    public static OrderState Next(this OrderState order, DateTimeOffset now)
    {
        var instant = Order.Instant(now);
        return order with { Version = order.Version + 1, UpdatedAt = instant > order.UpdatedAt ? instant : order.UpdatedAt };
    }

    private static Outcome<OrderChange> GiveBack(this OrderState order, OrderStatus status, string? reason, DateTimeOffset now)
    {
        var moved = order.MoveTo(status, reason, now);
        return moved.Value is { } change
            ? change with
            {
                Order = change.Order with { Items = [.. order.Items.Select(item => item with { Taken = 0 })] },
                Stock = StockMove.Sum(order.Items.Select(item => (item.ProductId, -item.Taken))),
                CodeReturned = true,
            }
            : moved;
    }
}

using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Which states an order can move to, and what each move does:
/// <code>
/// placed -> confirmed -> paid -> shipped -> delivered -> returned
///   placed | confirmed | paid -> cancelled        placed | confirmed -> failed
/// </code>
/// Shipping, returning, cancelling and refunding in parts are in <see cref="Fulfilment"/>, <see cref="Cancelling"/> and
/// <see cref="Refunds"/>.
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

    /// <summary>
    /// The whole total at once; an amount that is not the total is refused. Money that arrives for an order that has ended is kept,
    /// whatever its amount: it is owed and can be refunded.
    /// </summary>
    public static Outcome<OrderChange> Pay(
        this OrderState order, string method, string? reference, decimal amount, DateTimeOffset now)
    {
        if (order is { Status: OrderStatus.Cancelled or OrderStatus.Failed, Payment: null })
            return order.PayLate(method, reference, amount, now);
        var moved = order.MoveTo(OrderStatus.Paid, null, now);
        if (moved.Value is not { } change) return moved;
        if (amount != order.Total)
            return new OrderError.Unusable("amount", FormattableString.Invariant(
                $"must be the order's total, {order.Total} {order.Currency}"));
        var payment = new PaymentState
        {
            Method = method, Reference = reference, Amount = Money.Round(amount, order.Currency), At = change.Order.UpdatedAt,
        };
        return change with { Order = change.Order with { Payment = payment } };
    }

    private static Outcome<OrderChange> PayLate(
        this OrderState order, string method, string? reference, decimal amount, DateTimeOffset now)
    {
        if (amount == 0 || Money.Round(amount, order.Currency) != amount)
            return new OrderError.Unusable("amount", $"must be more than 0, with the decimals of {order.Currency}");
        var next = order.Next(now);
        var payment = new PaymentState
        {
            Method = method, Reference = reference, Amount = Money.Round(amount, order.Currency), At = next.UpdatedAt,
        };
        return new OrderChange((next with { Payment = payment, PaidAt = payment.At }).Balanced(), OrderEventTypes.PaidLate);
    }

    public static Outcome<OrderChange> Deliver(this OrderState order, DateTimeOffset now) =>
        order.MoveTo(OrderStatus.Delivered, null, now);

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
}

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Inbound.Legacy;

/// <summary>
/// From where an order stands to where the legacy table has it, move by move: a table that says "shipped" at once has skipped nothing that
/// the lifecycle here does not know.
/// </summary>
internal static class LegacyRoute
{
    /// <summary>Who "carried" and "paid" what another system has sent and been paid for.</summary>
    private const string Elsewhere = "legacy";

    /// <summary>The next status on the shortest way; the same status when it is reached, null when no way leads there.</summary>
    public static OrderStatus? Next(OrderStatus from, OrderStatus to)
    {
        if (from == to) return to;
        var first = new Dictionary<OrderStatus, OrderStatus>();
        var open = new Queue<OrderStatus>([from]);
        while (open.TryDequeue(out var at))
        {
            foreach (var next in Enum.GetValues<OrderStatus>())
            {
                if (!OrderLifecycle.CanMove(at, next) || next == from || !first.TryAdd(next, at == from ? next : first[at])) continue;
                if (next == to) return first[next];
                open.Enqueue(next);
            }
        }

        return null;
    }

    /// <summary>The decision that leads to the status.</summary>
    public static Outcome<OrderChange> Decide(OrderState order, OrderStatus status, string? reason, DateTimeOffset now) => status switch
    {
        OrderStatus.Confirmed => order.Confirm(now),
        OrderStatus.Paid => order.Pay(Elsewhere, null, order.Total, now),
        OrderStatus.Shipped => order.Ship(Elsewhere, null, null, now),
        OrderStatus.Delivered => order.Deliver(now),
        OrderStatus.Cancelled => order.Cancel(reason, now),
        OrderStatus.Returned => order.Return(null, reason, now),
        OrderStatus.Failed => order.Fail(reason, now),
        _ => new OrderError.IllegalMove(order.Id, order.Status, status),
    };
}

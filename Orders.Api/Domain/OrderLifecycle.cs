using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Which states an order can move to:
/// <code>
/// placed -> confirmed -> paid -> shipped -> delivered -> returned
///   placed | confirmed | paid -> cancelled        placed | confirmed -> failed
/// </code>
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
}

using Orders.Contracts;
using Orders.Simulator.Lives;
using Orders.Simulator.Model;

namespace Orders.Simulator.Histories;

/// <summary>What has become of an order by an instant.</summary>
/// <param name="Steps">What has happened, oldest first.</param>
/// <param name="Reason">Why it was cancelled, failed or returned, if it was.</param>
internal sealed record LifeSoFar(IReadOnlyList<LifeEvent> Steps, OrderStatus Status, string? Reason, DateTimeOffset UpdatedAt)
{
    /// <summary>Each step is a version, as it is for an order that was lived here.</summary>
    public int Version => 1 + Steps.Count;

    /// <summary>Somebody still has to look after it.</summary>
    public bool IsOpen => Status is OrderStatus.Placed or OrderStatus.Confirmed or OrderStatus.Paid or OrderStatus.Shipped;

    /// <param name="order">Placed before <paramref name="now"/>.</param>
    /// <param name="now">What happens then or later is not told.</param>
    public static LifeSoFar Of(SimulatedOrder order, DateTimeOffset now)
    {
        var count = 0;
        while (count < order.Life.Count && order.Life[count].At < now) count++;
        var (status, reason) = (OrderStatus.Placed, (string?)null);
        for (var i = 0; i < count; i++)
        {
            if (Reached(order.Life[i].Step) is not { } reached) continue;
            status = reached;
            if (reached is OrderStatus.Cancelled or OrderStatus.Failed or OrderStatus.Returned) reason = order.Life[i].Reason;
        }

        var steps = count == order.Life.Count ? order.Life : [.. order.Life.Take(count)];
        return new LifeSoFar(steps, status, reason, count == 0 ? order.PlacedAt : steps[^1].At);
    }

    /// <summary>The status that the step leads to; null: it stays as it is.</summary>
    public static OrderStatus? Reached(LifeStep step) => step switch
    {
        LifeStep.Confirmed => OrderStatus.Confirmed,
        LifeStep.Paid => OrderStatus.Paid,
        LifeStep.Shipped => OrderStatus.Shipped,
        LifeStep.Delivered => OrderStatus.Delivered,
        LifeStep.Returned => OrderStatus.Returned,
        LifeStep.Cancelled => OrderStatus.Cancelled,
        LifeStep.Failed => OrderStatus.Failed,
        _ => null,
    };
}

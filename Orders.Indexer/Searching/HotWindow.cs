using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Projections;

namespace Orders.Indexer.Searching;

/// <summary>
/// Which orders search knows: those placed lately, and those that are still open whatever their age, because somebody has to look after
/// them. All others are read by id and listed by the database.
/// </summary>
internal sealed class HotWindow(IOptions<SearchOptions> options, TimeProvider time)
{
    public static readonly string[] Open = Names(OrderStatus.Placed, OrderStatus.Confirmed, OrderStatus.Paid, OrderStatus.Shipped);

    public static readonly string[] Closed = [.. OrderStatuses.All.Except(Open)];

    /// <summary>Orders placed before are too old.</summary>
    public DateTimeOffset Since => time.GetUtcNow() - options.Value.HotWindow;

    public bool Holds(OrderState order) => order.PlacedAt >= Since || Open.Contains(order.Status.ToWire(), StringComparer.Ordinal);

    private static string[] Names(params OrderStatus[] statuses) => Array.ConvertAll(statuses, OrderStatuses.ToWire);
}

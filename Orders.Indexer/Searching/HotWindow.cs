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
    public static readonly string[] Open = [.. OrderStatuses.All.Where(name => OrderStatuses.Parse(name).IsOpen())];

    public static readonly string[] Closed = [.. OrderStatuses.All.Except(Open)];

    public TimeSpan Length => options.Value.HotWindow;

    /// <summary>Orders placed before are too old.</summary>
    public DateTimeOffset Since => time.GetUtcNow() - Length;

    public bool Holds(OrderState order) => order.PlacedAt >= Since || order.Status.IsOpen();
}

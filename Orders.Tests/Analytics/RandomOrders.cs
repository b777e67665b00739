using System.Globalization;
using Orders.Contracts;
using Orders.Indexer.Streams;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Analytics;

/// <summary>Made-up orders of a few customers with many versions each, and their events as a stream that repeats and mixes them.</summary>
internal sealed class RandomOrders
{
    private readonly Random _random;
    private readonly List<OrderState> _versions = [];

    public RandomOrders(Random random)
    {
        _random = random;
        for (var i = 0; i < 60; i++) Live(i.ToString("D3", CultureInfo.InvariantCulture));
    }

    /// <summary>The facts of the highest versions, in the order of their ids.</summary>
    public IEnumerable<string> Newest()
    {
        var newest = _versions.GroupBy(order => order.Id).Select(versions => versions.MaxBy(order => order.Version)!).ToList();
        foreach (var order in newest.OrderBy(order => order.Id, StringComparer.Ordinal))
        {
            var isFirst = !newest.Exists(other => other.Customer.Id == order.Customer.Id && (other.PlacedAt < order.PlacedAt
                || (other.PlacedAt == order.PlacedAt && string.CompareOrdinal(other.Id, order.Id) < 0)));
            yield return string.Create(CultureInfo.InvariantCulture, $"{order.Id}.{order.Version} {order.Status.ToWire()} {order.Total} "
                + $"{order.Refunded ?? 0} {order.Items.Sum(item => item.Quantity)} {(isFirst ? "new" : "returning")}");
        }
    }

    /// <summary>Every version at least once, mixed, in batches of any size.</summary>
    public IEnumerable<EventBatch> Stream(int partitions)
    {
        var order = _versions.Concat(_versions.Where(_ => _random.Next(3) == 0)).OrderBy(_ => _random.Next()).ToList();
        var next = new long[partitions];
        while (order.Count > 0)
        {
            var batch = new EventBatch(1000, 1 << 24);
            foreach (var state in order.Take(_random.Next(1, 60)))
            {
                var partition = int.Parse(state.Id[4..], CultureInfo.InvariantCulture) % partitions;
                var told = Sample.Event(state.Id, state.Version) with { Data = state };
                batch.Add(EventDecoder.Decode(Sample.Raw(told, partition, next[partition]++), Sample.Noon, out _)!);
            }

            order.RemoveRange(0, batch.Taken);
            yield return batch;
        }
    }

    private void Live(string id)
    {
        var first = Sample.Order("ord-" + id) with
        {
            Customer = Sample.Order().Customer with { Id = "cus-" + _random.Next(9) },
            Destination = Sample.Order().Destination with { CityDistrict = "D" + _random.Next(4) },
            Channel = _random.Next(2) == 0 ? "web" : "app",
            // Several at one instant, around the ends of days and months.
            PlacedAt = new DateTimeOffset(2026, 2, 28, 22, 30, 0, TimeSpan.Zero).AddMinutes(30 * _random.Next(6)),
        };
        for (var version = 1; version <= _random.Next(1, 7); version++) _versions.Add(Priced(first with { Version = version }));
    }

    private OrderState Priced(OrderState order)
    {
        var items = Enumerable.Range(1, _random.Next(1, 5)).Select(line =>
        {
            var (price, quantity) = (_random.Next(1, 100_000) / 100m, _random.Next(1, 9));
            return order.Items[0] with
            {
                Line = line, ProductId = "pro-" + _random.Next(5), Category = "C" + _random.Next(3), UnitPrice = price, Quantity = quantity,
                Total = price * quantity, Discount = _random.Next(2) == 0 ? null : Math.Round(price / 10, 2),
            };
        }).ToList();
        var (subtotal, discount) = (items.Sum(item => item.Total), items.Sum(item => item.Discount ?? 0));
        // Some are free: whatever divides by a total must know it.
        if (_random.Next(8) == 0)
        {
            return order with
            {
                Items = [.. items.Select(item => item with { Discount = item.Total })], Subtotal = subtotal, Discount = subtotal,
                Shipping = 0, Total = 0, Tax = 0, Status = Enum.GetValues<OrderStatus>()[_random.Next(8)],
            };
        }

        return order with
        {
            Items = items, Subtotal = subtotal, Discount = discount, Total = subtotal - discount + order.Shipping,
            Tax = Math.Round(subtotal / 7, 2), Status = Enum.GetValues<OrderStatus>()[_random.Next(8)],
            Refunded = _random.Next(3) == 0 ? Math.Round(subtotal / 3, 2) : null,
        };
    }
}

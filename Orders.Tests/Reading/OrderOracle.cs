using System.Globalization;
using Orders.Contracts;

namespace Orders.Tests.Reading;

/// <summary>
/// A query for the list of orders twice over: as its address says it, and as plain conditions on whole orders. What the api answers is
/// compared with going through all orders one by one.
/// </summary>
internal sealed class OrderOracle
{
    private readonly List<Func<OrderState, bool>> _conditions = [];
    private readonly List<string> _query = [];
    private Func<OrderState, IComparable> _key = order => order.PlacedAt;
    private bool _descending = true;

    public string Query => string.Join('&', _query);

    public IEnumerable<string> Answer(IEnumerable<OrderState> orders)
    {
        var found = orders.Where(order => _conditions.TrueForAll(holds => holds(order))).OrderBy(_key)
            .ThenBy(order => order.Id, StringComparer.Ordinal).Select(order => order.Id);
        return _descending ? found.Reverse() : found;
    }

    /// <summary>One to three filters with values that some order has, and sometimes a sort.</summary>
    public static OrderOracle Draw(Random random, IReadOnlyList<OrderState> orders)
    {
        var oracle = new OrderOracle();
        for (var left = random.Next(1, 4); left > 0; left--) oracle.Filter(random, Pick(random, orders));
        if (random.Next(3) > 0) oracle.Sort(random);
        return oracle;
    }

    private void Filter(Random random, OrderState like)
    {
        switch (random.Next(12))
        {
            case 0: Add("status", [.. Names(random, like)], order => Name(order)); break;
            case 1: Add("customer_id", [like.Customer.Id], order => order.Customer.Id); break;
            case 2: Any("product_id", like.Items[^1].ProductId, order => order.Items.Select(item => item.ProductId)); break;
            // Orders of bare amounts have no sku.
            case 3 when like.Items[0].Sku.Length > 0:
                Any("sku", like.Items[0].Sku, order => order.Items.Select(item => item.Sku));
                break;
            case 4 when like.Destination.CityDistrict.Length > 0:
                Add("city_district", [like.Destination.CityDistrict], order => order.Destination.CityDistrict);
                break;
            case 5 when like.Destination.Postcode.Length > 0:
                Add("postcode", [like.Destination.Postcode], order => order.Destination.Postcode);
                break;
            case 6: Add("channel", [like.Channel], order => order.Channel); break;
            case 7: Add("number", [like.Number], order => order.Number); break;
            case 8: Add("payment_reference", [like.Payment?.Reference ?? "none"], order => order.Payment?.Reference); break;
            case 9:
                Any("tracking", like.Shipments?[0].Tracking ?? "none", order =>
                    order.Shipments?.Select(shipment => shipment.Tracking!) ?? []);
                break;
            case 10: Bound(random, "total_min", "total_max", like.Total, order => order.Total); break;
            default:
                if (random.Next(2) == 0) Bound(random, "placed_from", "placed_to", like.PlacedAt, order => order.PlacedAt);
                else Bound(random, "updated_from", "updated_to", like.UpdatedAt, order => order.UpdatedAt);
                break;
        }
    }

    private void Add(string name, string[] wanted, Func<OrderState, string?> value)
    {
        if (!Once(name)) return;
        _query.AddRange(wanted.Select(one => $"{name}={Uri.EscapeDataString(one)}"));
        _conditions.Add(order => wanted.Contains(value(order)));
    }

    private void Any(string name, string wanted, Func<OrderState, IEnumerable<string>> values)
    {
        if (!Once(name)) return;
        _query.Add($"{name}={Uri.EscapeDataString(wanted)}");
        _conditions.Add(order => values(order).Contains(wanted));
    }

    /// <summary>The bound is a value that an order has, so that its being included or not matters; an upper instant is excluded.</summary>
    private void Bound<T>(Random random, string from, string to, T bound, Func<OrderState, T> value)
        where T : IComparable<T>
    {
        if (!Once(from) || !Once(to)) return;
        var upper = random.Next(2) == 0;
        var text = bound is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{bound}");
        _query.Add($"{(upper ? to : from)}={Uri.EscapeDataString(text)}");
        if (!upper) _conditions.Add(order => value(order).CompareTo(bound) >= 0);
        else if (bound is DateTimeOffset) _conditions.Add(order => value(order).CompareTo(bound) < 0);
        else _conditions.Add(order => value(order).CompareTo(bound) <= 0);
    }

    private void Sort(Random random)
    {
        _descending = random.Next(2) == 0;
        var field = new[] { "placed_at", "updated_at", "total" }[random.Next(3)];
        _key = field switch
        {
            "placed_at" => order => order.PlacedAt,
            "updated_at" => order => order.UpdatedAt,
            _ => order => order.Total,
        };
        _query.Add($"sort={(_descending ? "-" : "")}{field}");
    }

    private bool Once(string name) => !_query.Exists(part => part.StartsWith(name + "=", StringComparison.Ordinal));

    private static IEnumerable<string> Names(Random random, OrderState like) =>
        Enumerable.Range(0, random.Next(3)).Select(_ => OrderStatuses.All[random.Next(OrderStatuses.All.Count)])
            .Append(Name(like)).Distinct();

    private static string Name(OrderState order) => OrderStatuses.ToWire(order.Status);

    private static OrderState Pick(Random random, IReadOnlyList<OrderState> orders) => orders[random.Next(orders.Count)];
}

using Orders.Api.Domain;
using Orders.Contracts;
using Sample = Orders.Tests.Domain.Sample;

namespace Orders.Tests.Bulk;

/// <summary>Orders with a past, made by the domain's own moves: any text, any discount, any status, parts shipped, returned and
/// refunded.</summary>
internal sealed class OrderLives(int seed)
{
    private static readonly DateTimeOffset Begin = new(2024, 2, 29, 23, 59, 58, TimeSpan.Zero);

    private static readonly string[] Words =
    [
        "Lámpara", "\"quoted\"", "back\\slash", "Ñandú & <b>söhne</b>", "日本語", "🎁🧦", "עברית", "e\u0301", "a'b", "=1+1", "x/y",
        "1,5 l", "…", "a\u2028b", "plain",
    ];

    private readonly Random _random = new(seed);
    private DateTimeOffset _now = Begin;

    /// <summary>The next order; ids sort as the orders come, except within one millisecond.</summary>
    public OrderState Next()
    {
        _now = _now.AddTicks(_random.NextInt64(TimeSpan.TicksPerHour)).AddMilliseconds(1);
        var order = Place();
        if (Chance(20)) order = Edit(order);
        if (Chance(15)) return order;
        if (Chance(10)) return PaidLate(Then(Chance(50) ? order.Fail(Reason(), Later()) : order.Cancel(Reason(), Later())));
        order = Then(order.Confirm(Later()));
        if (Chance(10)) return order;
        if (Chance(10)) return Then(Chance(50) ? order.Fail(Reason(), Later()) : order.Cancel(Reason(), Later()));
        order = Then(order.Pay(Text(32), Chance(50) ? Text(128) : null, order.Total, Later()));
        if (Chance(10)) return Refunded(Then(order.Cancel(Reason(), Later())));
        return Refunded(Chance(30) ? Broken(order) : Sent(order));
    }

    private OrderState PaidLate(OrderState order) => Chance(70) ? order : Then(order.Pay(Text(32), null, 12.34m, Later()));

    private OrderState Place()
    {
        var lines = Enumerable.Range(1, _random.Next(1, 6)).Select(n => (Product(n), _random.Next(1, 10))).ToArray();
        var customer = new Customer
        {
            ClientId = "cus-" + _random.Next(5), FirstName = Text(100), LastName = Text(100), Email = "a@example.com",
            PhoneNumber = "+34600000000", Status = "active",
        };
        var address = new Address
        {
            ClientId = customer.ClientId, AddressId = "add-" + _random.Next(5), Road = Text(100), HouseNumber = Chance(50) ? "12 bis"
                : null,
            CityDistrict = "Centro", Postcode = "28014", Lat = Chance(70) ? "40.41690" : null,
            Coordinates = Chance(50) ? [_random.NextDouble() * 90, -_random.NextDouble() * 1e-7] : null,
        };
        var draft = new OrderDraft(customer, address, Chance(50) ? "web" : Text(32), lines, Discount(), Chance(40)
            ? $"ext-{seed}-{_now.Ticks}" : null);
        return Order.Place(draft, Sample.Prices, _now).Value!.Order;
    }

    private Product Product(int n) => new()
    {
        Id = $"pro-{n}", Sku = Text(64), Name = Text(100), Description = Chance(50) ? Text(1000) : "", Category = Text(50),
            Manufacturer = "", TaxClass = TaxClasses.All[_random.Next(4)],
        Price = _random.Next(0, 20_000) / 100m, Currency = "EUR", Weight = _random.Next(0, 9_000) / 1000m, Stock = 1_000_000, Active = true,
        CreatedAt = Begin, UpdatedAt = Begin,
    };

    private Discount? Discount()
    {
        if (Chance(70)) return null;
        var isPercent = Chance(50);
        return new Discount
        {
            Code = "SAVE-" + _random.Next(9), Percent = isPercent ? _random.Next(1, 10_000) / 100m : null,
            Amount = isPercent ? null : _random.Next(1, 5_000) / 100m, MinSubtotal = 0, Uses = 0, Active = true,
        };
    }

    private OrderState Edit(OrderState order)
    {
        var product = Product(9);
        var edit = new OrderEdit(
            null, [(order.Items[0].ProductId, 3), (product.Id, 2)], new Dictionary<string, Product>
            {
                [product.Id] = product, [order.Items[0].ProductId] = Product(1),
            });
        return Then(order.Edit(edit, Sample.Prices, Later()));
    }

    private OrderState Sent(OrderState order)
    {
        if (Chance(40) && order.Items.Any(item => item.Quantity > 1 || order.Items.Count > 1))
        {
            order = Then(order.Ship(Text(64), null, [new LineQuantity(1, 1)], Later()));
            if (order.Status == OrderStatus.Paid && Chance(30)) return order;
        }

        if (order.Status == OrderStatus.Paid) order = Then(order.Ship(Text(64), Text(128), null, Later()));
        if (Chance(30)) return order;
        order = Then(order.Deliver(Later()));
        if (Chance(40)) return order;
        if (Chance(50) && order.Items.Sum(item => item.Quantity) > 1)
            order = Then(order.Return([new LineQuantity(order.Items.Count, 1)], Reason(), Later()));
        return order.Status == OrderStatus.Delivered && Chance(60) ? Then(order.Return(null, Reason(), Later())) : order;
    }

    /// <summary>Ways that end in parts: lost parcels, cancelled lines, pieces that come back early, money that comes late.</summary>
    private OrderState Broken(OrderState order)
    {
        order = Then(order.Ship(Text(64), null, [new LineQuantity(1, 1)], Later()));
        for (var step = 0; step < 6 && order.Status is OrderStatus.Paid or OrderStatus.Shipped; step++)
        {
            var open = order.Items.Where(item => item.Open() > 0).Select(item => new LineQuantity(item.Line, 1)).Take(1).ToArray();
            var sent = order.Items.Where(item => (item.Shipped ?? 0) > (item.Returned ?? 0)).ToArray();
            var parcel = order.Shipments!.LastOrDefault(shipment => shipment.LostAt is null && order.Returns is null);
            order = _random.Next(4) switch
            {
                0 when parcel is not null => Then(order.Lose(parcel.Id, Reason(), Later())),
                1 when open.Length > 0 => Then(order.CancelLines(open, Reason(), Later())),
                2 when open.Length > 0 => Then(order.Ship(Text(64), null, open, Later())),
                3 when sent.Length > 0 => Then(order.Return([new LineQuantity(sent[0].Line, 1)], Reason(), Later())),
                _ => order,
            };
        }

        if (order.Status is OrderStatus.Cancelled or OrderStatus.Returned) return order;
        if (order.Status is OrderStatus.Paid) order = Then(order.Ship(Text(64), null, null, Later()));
        return order.Status is OrderStatus.Shipped && Chance(50) ? Then(order.Deliver(Later())) : order;
    }

    private OrderState Refunded(OrderState order)
    {
        if (order.Items[0].Total > order.Items[0].Discount.GetValueOrDefault() + 1 && Chance(10))
            order = Then(order.Refund(null, Reason(), null, Later(), [new LineQuantity(1, 1)], order.Returns?[0].Id));
        while (order.Total - (order.Refunded ?? 0) > 1 && Chance(30))
            order = Then(order.Refund(Chance(30) ? null : 0.37m, Reason(), Chance(50) ? Text(128) : null, Later()));
        return order;
    }

    private static OrderState Then(Outcome<OrderChange> change) =>
        change.Value?.Order ?? throw new InvalidOperationException($"refused: {change.Error}");

    private DateTimeOffset Later() => _now = _now.AddTicks(_random.NextInt64(TimeSpan.TicksPerHour));

    private string? Reason() => Chance(50) ? null : Text(500);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Text(int max)
    {
        var text = string.Join(' ', Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Words[_random.Next(Words.Length)]));
        return text.Length <= max ? text : "short";
    }
}

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

/// <summary>Ingredients of orders, for tests of decisions.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, 123, 456, TimeSpan.Zero);

    public static readonly PriceList Prices = new(
        "EUR", 60m, [new ShippingBand(1, 3.95m), new ShippingBand(5, 5.95m), new ShippingBand(10, 8.95m)], 0.60m);

    public static OrderState Placed(params (Product, int)[] lines) => Placed(Noon, lines);

    public static OrderState Placed(DateTimeOffset at, params (Product, int)[] lines) =>
        Order.Place(Draft(lines), Prices, at).Value!.Order;

    /// <summary>An order of 3 lamps and 2 chairs for 60.00 in that status, an hour a step.</summary>
    public static OrderState InStatus(OrderStatus status)
    {
        var order = Placed((Product("pro-1", 10m), 3), (Product("pro-2", 15m), 2));
        if (status is OrderStatus.Placed) return order;
        if (status is OrderStatus.Cancelled) return order.Cancel(null, Noon.AddHours(1)).Value!.Order;
        if (status is OrderStatus.Failed) return order.Fail(null, Noon.AddHours(1)).Value!.Order;
        order = order.Confirm(Noon.AddHours(1)).Value!.Order;
        if (status is OrderStatus.Confirmed) return order;
        order = order.Pay("card", "R-1", 60m, Noon.AddHours(2)).Value!.Order;
        if (status is OrderStatus.Paid) return order;
        order = order.Ship("Correos", "T-1", null, Noon.AddHours(3)).Value!.Order;
        if (status is OrderStatus.Shipped) return order;
        order = order.Deliver(Noon.AddHours(4)).Value!.Order;
        return status is OrderStatus.Delivered ? order : order.Return(null, null, Noon.AddHours(5)).Value!.Order;
    }

    public static OrderDraft Draft(params (Product, int)[] lines) =>
        new(Customer("active"), new Address { ClientId = "cus-1", AddressId = "add-1", Lat = "40.4", Lon = "-3.7" }, "web", lines);

    public static Customer Customer(string status) => new()
    {
        ClientId = "cus-1", FirstName = "Ana", LastName = "Ruiz", Email = "ana@example.com", PhoneNumber = "+34600000000", Status = status,
    };

    public static Product Product(string id = "pro-1", decimal price = 1m, decimal weight = 1m) => new()
    {
        Id = id, Sku = id, Name = "Lámpara", Description = "", Category = "hogar", Manufacturer = "", Price = price, Currency = "EUR",
        Weight = weight, Stock = 1, Active = true, CreatedAt = Noon, UpdatedAt = Noon,
    };
}

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Docs;

/// <summary>
/// One small shop that all examples are taken from. An example works as it stands once its ids are those of rows that exist;
/// tests put real ones in their place.
/// </summary>
internal static class Examples
{
    public const string OrderId = "ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00";
    public const string CustomerId = "cus-5855b54f-2e4f-44e2-83ee-67006cce78ce";
    public const string AddressId = "add-9de25694-d4b2-4c73-a81f-7b82cee16f7e";
    public const string KeyId = "k7m2x9qhw3ab";
    public const string RequestId = "req-019363a1-7e0c-7b00-9d2f-2f4c3c1d0e00";
    public const string ProductId = "pro-019363a0-1111-7000-8000-000000000001";

    /// <summary>When the order was placed; it is in the order's id.</summary>
    public static readonly DateTimeOffset At = new(2024, 11, 25, 16, 14, 38, TimeSpan.Zero);

    /// <summary>An end that is always to come.</summary>
    public static readonly DateTimeOffset Far = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly OrderState Order = new()
    {
        Id = OrderId,
        Number = "7K3M-Q9TZ",
        Status = OrderStatus.Placed,
        Version = 1,
        Channel = "web",
        Customer = new CustomerSnapshot
        {
            Id = CustomerId, Name = "Kike Rios", Email = "kike.rios@example.com", Phone = "+34882004486",
        },
        Destination = new AddressSnapshot
        {
            Id = AddressId, Road = "Calle Abedul", HouseNumber = "4", Neighborhood = "Fuencarral - El Pardo", Suburb = "Ciudalcampo",
            CityDistrict = "Fuencarral-El Pardo", State = "Comunidad de Madrid", Postcode = "28707", Country = "España",
            Lat = 40.616839, Lon = -3.6257757,
        },
        Items =
        [
            new OrderItemState
            {
                Line = 1, ProductId = ProductId, Sku = "LAMP-1", Name = "Lámpara de mesa", Description = "Latón, 40 cm",
                Category = "hogar", UnitPrice = 19.99m, Weight = 1.250m, Quantity = 2, Total = 39.98m,
            },
        ],
        Currency = "EUR",
        Subtotal = 39.98m,
        Discount = 0.00m,
        Shipping = 5.95m,
        Tax = 7.97m,
        Total = 45.93m,
        TotalWeight = 2.500m,
        PlacedAt = At,
        UpdatedAt = At,
    };

    public static readonly OrderState Confirmed =
        Next(Order, OrderStatus.Confirmed) with { ConfirmedAt = At.AddMinutes(2) };

    public static readonly OrderState Paid = Next(Confirmed, OrderStatus.Paid) with
    {
        PaidAt = At.AddMinutes(3),
        Payment = new PaymentState { Method = "card", Reference = "psp-4711", Amount = Order.Total, At = At.AddMinutes(3) },
    };

    public static readonly OrderState Shipped = Next(Paid, OrderStatus.Shipped) with
    {
        ShippedAt = At.AddMinutes(4),
        Items = [Order.Items[0] with { Shipped = 2 }],
        Shipments =
        [
            new ShipmentState
            {
                Id = "shp-019363a5-2222-7000-8000-000000000001", Carrier = "correos", Tracking = "PK4ABC0710",
                Lines = [new LineQuantity(1, 2)], At = At.AddMinutes(4),
            },
        ],
    };

    public static readonly OrderState Delivered = Next(Shipped, OrderStatus.Delivered) with { DeliveredAt = At.AddMinutes(5) };

    public static readonly OrderState Returned = Next(Delivered, OrderStatus.Returned) with
    {
        ReturnedAt = At.AddMinutes(6),
        Reason = "too bright",
        Items = [Order.Items[0] with { Shipped = 2, Returned = 2 }],
        Returns =
        [
            new ReturnState
            {
                Id = "ret-019363a6-3333-7000-8000-000000000001", Reason = "too bright", Lines = [new LineQuantity(1, 2)],
                At = At.AddMinutes(6),
            },
        ],
    };

    public static readonly RefundState Refund = new()
    {
        Id = "ref-019363a4-4444-7000-8000-000000000001", Amount = 5.00m, Reason = "a scratch", Reference = "psp-4711",
        At = At.AddMinutes(4),
    };

    public static readonly OrderState Refunded = Next(Paid, OrderStatus.Paid) with { Refunded = Refund.Amount, Refunds = [Refund] };

    public static readonly OrderState Cancelled =
        Next(Order, OrderStatus.Cancelled) with { CancelledAt = At.AddMinutes(2), Reason = "changed my mind" };

    public static readonly OrderState Failed =
        Next(Order, OrderStatus.Failed) with { FailedAt = At.AddMinutes(2), Reason = "the payment was refused" };

    public static readonly Product Product = new()
    {
        Id = ProductId, Sku = "LAMP-1", Name = "Lámpara de mesa", Description = "Latón, 40 cm", Category = "hogar", Manufacturer = "Luz",
        Price = 19.99m, Currency = "EUR", Weight = 1.250m, Stock = 10, Active = true, CreatedAt = At, UpdatedAt = At,
    };

    public static readonly Customer Customer = new()
    {
        ClientId = CustomerId, FirstName = "Kike", LastName = "Rios", Email = "kike.rios@example.com", PhoneNumber = "+34882004486",
        DateOfBirth = new DateOnly(1940, 10, 12), Gender = "Male", Occupation = "Reparador de bicicletas",
        CreatedAt = new DateOnly(2022, 6, 28), UpdatedAt = new DateOnly(2023, 10, 21), Status = Customer.Active,
    };

    public static readonly Address Address = new()
    {
        ClientId = CustomerId, AddressId = AddressId, Neighborhood = "Fuencarral - El Pardo", Coordinates = [40.616839, -3.6257757],
        Road = "Calle Abedul", HouseNumber = "4", Suburb = "Ciudalcampo", CityDistrict = "Fuencarral-El Pardo",
        State = "Comunidad de Madrid", Postcode = "28707", Country = "España", Lat = "40.616839", Lon = "-3.6257757",
    };

    private static OrderState Next(OrderState order, OrderStatus status) =>
        order with { Status = status, Version = order.Version + 1, UpdatedAt = At.AddMinutes(order.Version + 1) };

    /// <summary>A cursor's look; what stands in one is nobody's business.</summary>
    public const string Cursor = "NjM5MDA0NjU3MzAwMDAwMDAwfG9yZC0wMTkzNjNhMQ";
}

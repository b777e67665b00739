using System.Globalization;
using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// An order. Invariant: every change goes through a method here, raises <see cref="Version"/> by exactly one and moves only
/// along <see cref="OrderLifecycle"/>. What was copied at placing is never touched again.
/// </summary>
internal sealed class Order
{
    private readonly List<OrderItem> _items = [];

    private Order()
    {
    }

    public string Id { get; private set; } = "";

    public string Number { get; private set; } = "";

    public OrderStatus Status { get; private set; }

    public int Version { get; private set; }

    public string Channel { get; private set; } = "";

    public CustomerSnapshot Customer { get; private set; } = null!;

    public AddressSnapshot Destination { get; private set; } = null!;

    public IReadOnlyList<OrderItem> Items => _items;

    public string Currency { get; private set; } = "";

    public decimal Subtotal { get; private set; }

    public decimal Discount { get; private set; }

    public decimal Shipping { get; private set; }

    public decimal Tax { get; private set; }

    public decimal Total { get; private set; }

    public decimal TotalWeight { get; private set; }

    public DateTimeOffset PlacedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public DateTimeOffset? ConfirmedAt { get; private set; }

    public DateTimeOffset? PaidAt { get; private set; }

    public DateTimeOffset? ShippedAt { get; private set; }

    public DateTimeOffset? DeliveredAt { get; private set; }

    public DateTimeOffset? CancelledAt { get; private set; }

    public DateTimeOffset? ReturnedAt { get; private set; }

    public DateTimeOffset? FailedAt { get; private set; }

    public string? Reason { get; private set; }

    /// <summary>Decides a new order from what was asked for and what the tables say; stores nothing.</summary>
    public static Outcome<Order> Place(OrderDraft draft, DateTimeOffset now)
    {
        if (Refusal(draft) is { } refusal) return refusal;

        var instant = Instant(now);
        var order = new Order
        {
            Id = OrderIds.NewId(instant),
            Number = OrderIds.NewNumber(),
            Status = OrderStatus.Placed,
            Version = 1,
            Channel = draft.Channel,
            Customer = Snapshot(draft.Customer),
            Destination = Snapshot(draft.Address),
            Currency = draft.Lines[0].Product.Currency,
            PlacedAt = instant,
            UpdatedAt = instant,
        };
        order._items.AddRange(draft.Lines.Select((line, index) => OrderItem.Copy(order.Id, index + 1, line.Product, line.Quantity)));
        order.AddUp();
        return order.Total <= Money.Max ? order : new OrderError.Unusable("items", $"the total exceeds {Money.Max}");
    }

    /// <summary>A fresh number, for the rare case that the first one is taken.</summary>
    public void Renumber() => Number = OrderIds.NewNumber();

    /// <summary>Cancels the order, or says why it cannot be cancelled and changes nothing.</summary>
    public OrderError? Cancel(string? reason, DateTimeOffset now)
    {
        if (!OrderLifecycle.CanMove(Status, OrderStatus.Cancelled))
            return new OrderError.IllegalMove(Id, Status, OrderStatus.Cancelled);

        Move(OrderStatus.Cancelled, now);
        CancelledAt = UpdatedAt;
        Reason = reason;
        return null;
    }

    private void Move(OrderStatus status, DateTimeOffset now)
    {
        Status = status;
        Version++;
        UpdatedAt = Instant(now);
    }

    private void AddUp()
    {
        Subtotal = Money.Round(_items.Sum(item => item.Total));
        Discount = 0.00m;
        Shipping = 0.00m;
        Total = Money.Round(Subtotal - Discount + Shipping);
        Tax = Money.VatIn(Total);
        TotalWeight = Weight.Round(_items.Sum(item => item.Weight * item.Quantity));
    }

    private static OrderError? Refusal(OrderDraft draft)
    {
        if (draft.Customer.Status == Domain.Customer.Suspended)
            return new OrderError.Unusable("customer_id", "the customer is suspended");
        if (draft.Address.ClientId != draft.Customer.ClientId)
            return new OrderError.Unusable("address_id", "the address belongs to another customer");

        for (var i = 0; i < draft.Lines.Count; i++)
        {
            var product = draft.Lines[i].Product;
            var field = string.Create(CultureInfo.InvariantCulture, $"items[{i}].product_id");
            if (!product.Active) return new OrderError.Unusable(field, "the product is not for sale");
            if (product.Currency != draft.Lines[0].Product.Currency)
                return new OrderError.Unusable(field, "the product's currency differs from the first line's");
        }

        return null;
    }

    private static CustomerSnapshot Snapshot(Customer customer) => new()
    {
        Id = customer.ClientId,
        Name = $"{customer.FirstName} {customer.LastName}",
        Email = customer.Email,
        Phone = customer.PhoneNumber,
    };

    private static AddressSnapshot Snapshot(Address address) => new()
    {
        Id = address.AddressId,
        Road = address.Road ?? "",
        HouseNumber = address.HouseNumber ?? "",
        Neighborhood = address.Neighborhood ?? "",
        Suburb = address.Suburb ?? "",
        CityDistrict = address.CityDistrict ?? "",
        State = address.State ?? "",
        Postcode = address.Postcode ?? "",
        Country = address.Country ?? "",
        Lat = Degrees(address.Lat) ?? address.Coordinates?.ElementAtOrDefault(0),
        Lon = Degrees(address.Lon) ?? address.Coordinates?.ElementAtOrDefault(1),
    };

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : null;

    /// <summary>Postgres keeps microseconds: cut here, so that the reply to a write equals every later read.</summary>
    private static DateTimeOffset Instant(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % 10), TimeSpan.Zero);
}

/// <summary>One line: link to the product and copy of its fields at the time of placing.</summary>
internal sealed class OrderItem
{
    private OrderItem()
    {
    }

    public string OrderId { get; private set; } = "";

    public int Line { get; private set; }

    public string ProductId { get; private set; } = "";

    public string Sku { get; private set; } = "";

    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public string Category { get; private set; } = "";

    public decimal UnitPrice { get; private set; }

    public decimal Weight { get; private set; }

    public int Quantity { get; private set; }

    public decimal Total { get; private set; }

    public static OrderItem Copy(string orderId, int line, Product product, int quantity) => new()
    {
        OrderId = orderId,
        Line = line,
        ProductId = product.Id,
        Sku = product.Sku,
        Name = product.Name,
        Description = product.Description,
        Category = product.Category,
        UnitPrice = Money.Round(product.Price),
        Weight = Domain.Weight.Round(product.Weight),
        Quantity = quantity,
        Total = Money.Round(product.Price * quantity),
    };
}

/// <summary>What an order is decided from. <paramref name="Lines"/> is never empty; quantities are 1..1000.</summary>
internal sealed record OrderDraft(Customer Customer, Address Address, string Channel, IReadOnlyList<(Product Product, int Quantity)> Lines);

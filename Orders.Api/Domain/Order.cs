using System.Globalization;
using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Placing: from what was asked for and what the tables say to an order. Invariant of everything in this folder that changes
/// an order: it takes an order at one version and gives it back at the next, or says why not; what was copied at placing is
/// never read again from its original.
/// </summary>
internal static class Order
{
    /// <summary>Decides a new order; stores nothing.</summary>
    public static Outcome<OrderChange> Place(OrderDraft draft, PriceList prices, DateTimeOffset now)
    {
        if (Refusal(draft, prices) is { } refusal) return refusal;

        var order = New(draft, Instant(now));
        var rates = prices.Vat.RatesAt(order.Destination);
        var items = draft.Lines.Select((line, index) => Copy(index + 1, line.Product, line.Quantity, rates, draft.TakesStock)).ToArray();
        var subtotal = items.Sum(item => item.Total);
        if (draft.Discount?.Refusal(subtotal, now) is { } reason) return new OrderError.Unusable("discount_code", reason);

        var discount = draft.Discount?.Terms.Of(subtotal, prices.Currency) ?? 0m;
        order = prices.AddUp(order with { ShippingTaxRate = rates.Standard }, items, discount);
        if (Sums.Refusal(order) is { } excess) return excess;
        return new OrderChange(order, OrderEventTypes.Placed)
        {
            Stock = StockMove.Sum(items.Select(item => (item.ProductId, item.Taken))),
            StockTaken = draft.TakesStock,
            LinesChanged = true,
        };
    }

    /// <summary>A line as it is copied from a product; line numbers start at 1.</summary>
    public static OrderItemState Copy(int line, Product product, int quantity, TaxRates rates, bool takesStock = true) => new()
    {
        Line = line,
        ProductId = product.Id,
        Sku = product.Sku,
        Name = product.Name,
        Description = product.Description,
        Category = product.Category,
        UnitPrice = Money.Round(product.Price, product.Currency),
        Weight = Weight.Round(product.Weight),
        Quantity = quantity,
        Total = Money.Round(product.Price * quantity, product.Currency),
        TaxRate = rates.Of(product.TaxClass),
        Taken = takesStock ? quantity : 0,
    };

    public static AddressSnapshot Snapshot(Address address) => new()
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

    /// <summary>Postgres keeps microseconds: cut here, so that the reply to a write equals every later read.</summary>
    public static DateTimeOffset Instant(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % 10), TimeSpan.Zero);

    /// <summary>Why a product cannot be bought in an order of this currency, or null.</summary>
    public static OrderError.Unusable? Refusal(Product product, string currency, int index)
    {
        var field = Field(index, "product_id");
        if (!product.Active) return new OrderError.Unusable(field, "the product is not for sale");
        return product.Currency == currency
            ? null
            : new OrderError.Unusable(field, $"the product's currency is not the order's, {currency}");
    }

    public static string Field(int index, string name) => string.Create(CultureInfo.InvariantCulture, $"items[{index}].{name}");

    private static OrderState New(OrderDraft draft, DateTimeOffset instant) => new()
    {
        Id = OrderIds.NewId(OrderIds.OrderPrefix, instant),
        Number = OrderIds.NewNumber(),
        ExternalId = draft.ExternalId,
        Status = OrderStatus.Placed,
        Version = 1,
        Channel = draft.Channel,
        Customer = Snapshot(draft.Customer),
        Destination = Snapshot(draft.Address),
        Items = [],
        Currency = draft.Lines[0].Product.Currency,
        DiscountCode = draft.Discount?.Code,
        DiscountTerms = draft.Discount?.Terms,
        PlacedAt = instant,
        UpdatedAt = instant,
        Subtotal = 0,
        Discount = 0,
        Shipping = 0,
        Tax = 0,
        Total = 0,
        TotalWeight = 0,
    };

    private static OrderError? Refusal(OrderDraft draft, PriceList prices)
    {
        if (draft.Customer.Status == Domain.Customer.Suspended)
            return new OrderError.Unusable("customer_id", "the customer is suspended");
        if (draft.Address.ClientId != draft.Customer.ClientId)
            return new OrderError.Unusable("address_id", "the address belongs to another customer");
        return draft.Lines.Select((line, index) => Refusal(line.Product, prices.Currency, index)).FirstOrDefault(found =>
            found is not null);
    }

    private static CustomerSnapshot Snapshot(Customer customer) => new()
    {
        Id = customer.ClientId,
        Name = $"{customer.FirstName} {customer.LastName}",
        Email = customer.Email,
        Phone = customer.PhoneNumber,
    };

    private static double? Degrees(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) ? degrees : null;
}

/// <summary>
/// What an order is decided from. <paramref name="Lines"/> is never empty; quantities are 1..1000. <paramref name="TakesStock"/> is false
/// for what has no shelf.
/// </summary>
internal sealed record OrderDraft(
    Customer Customer, Address Address, string Channel, IReadOnlyList<(Product Product, int Quantity)> Lines,
    Discount? Discount = null, string? ExternalId = null, bool TakesStock = true);

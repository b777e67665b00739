using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// What is charged beside the goods. All prices include VAT.
/// </summary>
/// <param name="Currency">ISO 4217 code of the amounts here; orders in another currency cannot be priced.</param>
/// <param name="FreeShippingFrom">Goods after discount from which on shipping costs nothing.</param>
/// <param name="Bands">Price by total weight, lightest first; at least one.</param>
/// <param name="PerKilogramAbove">What each begun kilogram above the heaviest band adds to its price.</param>
internal sealed record PriceList(
    string Currency, decimal FreeShippingFrom, IReadOnlyList<ShippingBand> Bands, decimal PerKilogramAbove)
{
    /// <summary>Which VAT the prices contain.</summary>
    public VatTable Vat { get; init; } = VatTable.Shipped;

    /// <summary>What it costs to send goods of this weight and value. Nothing that weighs nothing is sent.</summary>
    public decimal Shipping(decimal kilograms, decimal goods)
    {
        if (kilograms == 0 || goods >= FreeShippingFrom) return 0.00m;
        foreach (var band in Bands)
        {
            if (kilograms <= band.UpToKilograms) return Money.Round(band.Price, Currency);
        }

        var heaviest = Bands[^1];
        return Money.Round(heaviest.Price + (decimal.Ceiling(kilograms - heaviest.UpToKilograms) * PerKilogramAbove), Currency);
    }

    /// <summary>A new order with its sums, sent at today's price.</summary>
    public OrderState AddUp(OrderState order, IReadOnlyList<OrderItemState> items, decimal discount)
    {
        var subtotal = Money.Round(items.Sum(item => item.Total), Currency);
        var off = Money.Round(Math.Clamp(discount, 0, subtotal), Currency);
        return Sums.Of(order, Allot(items, off, subtotal, Currency), Shipping(Sums.Weigh(items), subtotal - off));
    }

    /// <summary>
    /// What it costs to send an order after an edit: what was agreed, and what the edit changes in today's price. An order in another
    /// currency than this list's keeps what was agreed.
    /// </summary>
    /// <param name="before">The order as it was.</param>
    /// <param name="kilograms">Its weight after the edit.</param>
    /// <param name="goods">Its goods after discount, after the edit.</param>
    public decimal ShippingAfter(OrderState before, decimal kilograms, decimal goods) => before.Currency != Currency
        ? before.Shipping
        : Money.Round(Math.Max(0, before.Shipping + Shipping(kilograms, goods)
            - Shipping(before.TotalWeight, before.Subtotal - before.Discount)), Currency);

    /// <summary>
    /// Divides a discount among lines by their totals, by largest remainder: the currency's whole units, each line within its total, and
    /// together exactly the discount.
    /// </summary>
    public static IReadOnlyList<OrderItemState> Allot(
        IReadOnlyList<OrderItemState> items, decimal discount, decimal subtotal, string currency)
    {
        if (discount == 0) return [.. items.Select(item => item with { Discount = null })];

        var shares = Shares.Of([.. items.Select(item => discount * item.Total / subtotal)], discount, Money.Unit(currency));
        return [.. items.Select((item, i) => item with { Discount = shares[i] == 0 ? null : Money.Round(shares[i], currency) })];
    }
}

/// <param name="UpToKilograms">Heaviest weight of the band, included.</param>
/// <param name="Price">Gross price.</param>
internal sealed record ShippingBand(decimal UpToKilograms, decimal Price);

/// <summary>
/// The sums of an order. Invariants, to the cent: subtotal is the sum of the lines' totals, discount the sum of their discounts,
/// total = subtotal - discount + shipping, and tax is the VAT contained in total by the rates of the lines and of shipping.
/// </summary>
internal static class Sums
{
    public static OrderState Of(OrderState order, IReadOnlyList<OrderItemState> items, decimal shipping)
    {
        var subtotal = Money.Round(items.Sum(item => item.Total), order.Currency);
        var discount = Money.Round(items.Sum(item => item.Discount ?? 0), order.Currency);
        var total = Money.Round(subtotal - discount + shipping, order.Currency);
        return (order with
        {
            Items = items,
            Subtotal = subtotal,
            Discount = discount,
            Shipping = shipping,
            Total = total,
            TotalWeight = Weigh(items),
        }).Taxed();
    }

    public static decimal Weigh(IReadOnlyList<OrderItemState> items) => Weight.Round(items.Sum(item => item.Weight * item.Quantity));

    /// <summary>What no column could hold, intermediate sums too; null when everything fits.</summary>
    public static OrderError? Refusal(OrderState order)
    {
        if (order.Subtotal > Money.Max) return Excess("subtotal", Money.Max, "");
        if (order.Total > Money.Max) return Excess("total", Money.Max, "");
        return order.TotalWeight > Weight.Max ? Excess("weight", Weight.Max, " kg") : null;
    }

    private static OrderError Excess(string what, decimal max, string unit) =>
        new OrderError.Unusable("items", FormattableString.Invariant($"the {what} exceeds {max}{unit}"));
}

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
    /// <summary>What it costs to send goods of this weight and value. Nothing that weighs nothing is sent.</summary>
    public decimal Shipping(decimal kilograms, decimal goods)
    {
        if (kilograms == 0 || goods >= FreeShippingFrom) return 0.00m;
        foreach (var band in Bands)
        {
            if (kilograms <= band.UpToKilograms) return Money.Round(band.Price);
        }

        var heaviest = Bands[^1];
        return Money.Round(heaviest.Price + (decimal.Ceiling(kilograms - heaviest.UpToKilograms) * PerKilogramAbove));
    }

    /// <summary>
    /// The order with its sums. Invariants, to the cent: subtotal is the sum of the lines' totals, discount the sum of their
    /// discounts, total = subtotal - discount + shipping, and tax is the VAT contained in total.
    /// </summary>
    public OrderState AddUp(OrderState order, IReadOnlyList<OrderItemState> items, decimal discount)
    {
        var subtotal = Money.Round(items.Sum(item => item.Total));
        var weight = Weight.Round(items.Sum(item => item.Weight * item.Quantity));
        var off = Money.Round(Math.Clamp(discount, 0, subtotal));
        var shipping = Shipping(weight, subtotal - off);
        var total = Money.Round(subtotal - off + shipping);
        return order with
        {
            Items = Allot(items, off, subtotal),
            Subtotal = subtotal,
            Discount = off,
            Shipping = shipping,
            Total = total,
            Tax = Money.VatIn(total),
            TotalWeight = weight,
        };
    }

    /// <summary>
    /// Divides a discount among lines by their totals, by largest remainder: whole cents, each line within its total, and
    /// together exactly the discount.
    /// </summary>
    public static IReadOnlyList<OrderItemState> Allot(IReadOnlyList<OrderItemState> items, decimal discount, decimal subtotal)
    {
        if (discount == 0) return [.. items.Select(item => item with { Discount = null })];

        var exact = items.Select(item => discount * item.Total / subtotal).ToArray();
        var shares = exact.Select(share => decimal.Floor(share * 100) / 100).ToArray();
        var missing = (int)((discount - shares.Sum()) * 100);
        foreach (var index in Enumerable.Range(0, items.Count).OrderByDescending(i => exact[i] - shares[i]).Take(missing))
            shares[index] += 0.01m;
        return [.. items.Select((item, i) => item with { Discount = shares[i] == 0 ? null : Money.Round(shares[i]) })];
    }
}

/// <param name="UpToKilograms">Heaviest weight of the band, included.</param>
/// <param name="Price">Gross price.</param>
internal sealed record ShippingBand(decimal UpToKilograms, decimal Price);

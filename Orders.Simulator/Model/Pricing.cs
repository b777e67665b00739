using Orders.Simulator.Profiles;

namespace Orders.Simulator.Model;

/// <summary>The sums of an order, gross, two decimals; total = subtotal - discount + shipping, and tax is contained in it.</summary>
/// <param name="TotalWeight">Kilograms, three decimals.</param>
/// <param name="LineDiscounts">Each line's part of the discount.</param>
internal sealed record OrderAmounts(
    decimal Subtotal, decimal Discount, decimal Shipping, decimal Tax, decimal Total, decimal TotalWeight,
    IReadOnlyList<decimal> LineDiscounts);

/// <summary>A line as it is priced.</summary>
internal readonly record struct PricedLine(decimal UnitPrice, decimal Weight, int Quantity)
{
    public decimal Total => UnitPrice * Quantity;
}

/// <summary>Adds orders up as the API does, to the cent: an imported order has to agree with what the API derives.</summary>
internal sealed class Pricing(ShippingProfile shipping)
{
    /// <summary>Spanish standard rate, in every price.</summary>
    private const decimal VatRate = 0.21m;

    public OrderAmounts AddUp(IReadOnlyList<PricedLine> lines, DiscountProfile? discount)
    {
        decimal subtotal = 0.00m, weight = 0.000m;
        foreach (var line in lines)
        {
            subtotal += line.Total;
            weight += line.Weight * line.Quantity;
        }

        var off = discount is null ? 0.00m : Off(discount, subtotal);
        var sending = Shipping(weight, subtotal - off);
        var total = subtotal - off + sending;
        return new OrderAmounts(
            subtotal, off, sending, Cents(total * VatRate / (1 + VatRate)), total, weight, Allot(lines, off, subtotal));
    }

    /// <summary>What the code takes off these goods, never more than they cost; 0 when they are too cheap for it.</summary>
    public static decimal Off(DiscountProfile discount, decimal subtotal) => subtotal < discount.MinSubtotal
        ? 0.00m
        : Cents(Math.Min(subtotal, discount.Amount ?? (subtotal * discount.Percent!.Value / 100)));

    private decimal Shipping(decimal kilograms, decimal goods)
    {
        if (kilograms == 0 || goods >= shipping.FreeFrom) return 0.00m;
        foreach (var band in shipping.Bands)
        {
            if (kilograms <= band.UpToKilograms) return Cents(band.Price);
        }

        var heaviest = shipping.Bands[^1];
        return Cents(heaviest.Price + (decimal.Ceiling(kilograms - heaviest.UpToKilograms) * shipping.PerKilogramAbove));
    }

    /// <summary>By largest remainder: whole cents, each within its line, and together exactly the discount.</summary>
    private static decimal[] Allot(IReadOnlyList<PricedLine> lines, decimal discount, decimal subtotal)
    {
        var shares = new decimal[lines.Count];
        if (discount == 0) return shares;
        var exact = lines.Select(line => discount * line.Total / subtotal).ToArray();
        var left = discount;
        for (var i = 0; i < shares.Length; i++) left -= shares[i] = decimal.Floor(exact[i] * 100) / 100;
        foreach (var index in Enumerable.Range(0, shares.Length).OrderByDescending(i => exact[i] - shares[i]).Take((int)(left * 100)))
            shares[index] += 0.01m;
        return shares;
    }

    /// <summary>Halves away from zero, as on Spanish invoices; two decimals are always shown.</summary>
    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;
}

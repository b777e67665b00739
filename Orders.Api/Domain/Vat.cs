using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// VAT by tax class and destination. All prices contain it, so a rate says how much of a price is tax, never what is paid. Invariant: an
/// order keeps the rates that it was placed under, line by line.
/// </summary>
/// <param name="Zones">The first that a destination belongs to counts; the last one takes every other.</param>
internal sealed record VatTable(IReadOnlyList<VatZone> Zones)
{
    /// <summary>Percent for orders of the time before rates were kept.</summary>
    public const decimal Former = 21m;

    /// <summary>Spain; on the Canary Islands no VAT is charged.</summary>
    public static readonly VatTable Shipped = new(
    [
        new VatZone("canary-islands", ["España", "Spain", "ES"], ["35", "38"], new TaxRates(0, 0, 0, 0)),
        new VatZone("spain", [], [], new TaxRates(21, 10, 4, 0)),
    ]);

    public TaxRates RatesAt(AddressSnapshot destination) => Zones.Take(Zones.Count - 1)
        .FirstOrDefault(zone => zone.Has(destination.Country, destination.Postcode), Zones[^1]).Rates;
}

/// <param name="Name">For people.</param>
/// <param name="Countries">As addresses have them, in any case; none: every country.</param>
/// <param name="PostcodePrefixes">How postcodes begin there; none: every one.</param>
/// <param name="Rates">The rates there.</param>
internal sealed record VatZone(string Name, IReadOnlyList<string> Countries, IReadOnlyList<string> PostcodePrefixes, TaxRates Rates)
{
    public bool Has(string country, string postcode) =>
        (Countries.Count == 0 || Countries.Contains(country.Trim(), StringComparer.OrdinalIgnoreCase))
        && (PostcodePrefixes.Count == 0 || PostcodePrefixes.Any(prefix => postcode.Trim().StartsWith(prefix, StringComparison.Ordinal)));
}

/// <summary>Percent by tax class.</summary>
internal sealed record TaxRates(decimal Standard, decimal Reduced, decimal SuperReduced, decimal Zero)
{
    public decimal Of(string taxClass) => taxClass switch
    {
        TaxClasses.Reduced => Reduced,
        TaxClasses.SuperReduced => SuperReduced,
        TaxClasses.Zero => Zero,
        _ => Standard,
    };
}

/// <summary>What a product is for the tax office.</summary>
internal static class TaxClasses
{
    public const string Standard = "standard";
    public const string Reduced = "reduced";
    public const string SuperReduced = "super_reduced";
    public const string Zero = "zero";

    public static readonly IReadOnlyList<string> All = [Standard, Reduced, SuperReduced, Zero];
}

/// <summary>
/// The VAT of an order and of its lines. Per rate it is computed from all that is charged at it, and then shared among the lines and
/// shipping by largest remainder, so that the parts are exactly the whole.
/// </summary>
internal static class Vat
{
    /// <summary>The VAT contained in a gross amount.</summary>
    public static decimal In(decimal gross, decimal percent, string currency) => Money.Round(gross * percent / (100 + percent), currency);

    /// <summary>The order with its tax; lines that carry a rate get theirs.</summary>
    public static OrderState Taxed(this OrderState order)
    {
        decimal[] gross = [.. order.Items.Select(item => item.Total - (item.Discount ?? 0)), order.Shipping];
        decimal[] rates = [.. order.Items.Select(item => item.TaxRate ?? VatTable.Former), order.ShippingTaxRate ?? VatTable.Former];
        var taxes = new decimal[gross.Length];
        foreach (var group in Enumerable.Range(0, gross.Length).GroupBy(i => rates[i]))
        {
            int[] parts = [.. group];
            var tax = In(parts.Sum(i => gross[i]), group.Key, order.Currency);
            var shares = Shares.Of([.. parts.Select(i => gross[i] * group.Key / (100 + group.Key))], tax, Money.Unit(order.Currency));
            for (var i = 0; i < parts.Length; i++) taxes[parts[i]] = shares[i];
        }

        return order with
        {
            Tax = Money.Round(taxes.Sum(), order.Currency),
            Items =
            [
                .. order.Items.Select((item, i) => item.TaxRate is null ? item : item with { Tax = Money.Round(taxes[i], order.Currency) }),
            ],
        };
    }
}

/// <summary>Dividing an amount.</summary>
internal static class Shares
{
    /// <summary>By largest remainder: whole units of the currency, each next to its exact share, together exactly the sum.</summary>
    public static decimal[] Of(decimal[] exact, decimal sum, decimal unit)
    {
        var shares = exact.Select(share => decimal.Floor(share / unit) * unit).ToArray();
        var missing = (int)((sum - shares.Sum()) / unit);
        foreach (var index in Enumerable.Range(0, exact.Length).OrderByDescending(i => exact[i] - shares[i]).Take(missing))
            shares[index] += unit;
        return shares;
    }
}

using System.ComponentModel.DataAnnotations;
using Orders.Api.Domain;

namespace Orders.Api.Features.Placing;

/// <summary>Section <c>Orders:Pricing</c>: what is charged beside the goods. All prices include VAT.</summary>
internal sealed class PricingOptions
{
    public const string Section = "Orders:Pricing";

    private static readonly ShippingBandOptions[] DefaultBands =
    [
        new() { UpToKilograms = 1, Price = 3.95m },
        new() { UpToKilograms = 5, Price = 5.95m },
        new() { UpToKilograms = 10, Price = 8.95m },
        new() { UpToKilograms = 30, Price = 14.95m },
    ];

    /// <summary>ISO 4217 code of the shop's currency; products in another one cannot be ordered. Default EUR.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "EUR";

    /// <summary>Goods, after discount, from which on shipping costs nothing. Default 60.00, 0 to 1,000,000.</summary>
    [Range(0, 1_000_000)]
    public decimal FreeShippingFrom { get; set; } = 60.00m;

    /// <summary>
    /// Prices by the order's total weight. Default: up to 1 kg 3.95, 5 kg 5.95, 10 kg 8.95, 30 kg 14.95. 1 to 100 bands.
    /// </summary>
    [MaxLength(100)]
    public ShippingBandOptions[] ShippingBands { get; set; } = [];

    /// <summary>What each begun kilogram above the heaviest band costs. Default 0.60, 0 to 1,000.</summary>
    [Range(0, 1_000)]
    public decimal PerKilogramAbove { get; set; } = 0.60m;

    /// <summary>
    /// VAT by destination: the first zone that an address belongs to counts, the last one takes every other. Default: the Canary Islands
    /// (postcodes 35 and 38 of Spain) without VAT, and Spain with 21, 10, 4 and 0 percent. 1 to 1,000 zones.
    /// </summary>
    [MaxLength(1000)]
    public VatZoneOptions[] VatZones { get; set; } = [];

    /// <summary>What <see cref="IsSound"/> asks for.</summary>
    public const string Wanted = $"{Section}: Currency must be an ISO 4217 code, and FreeShippingFrom, PerKilogramAbove and the prices of "
        + "ShippingBands can have no more decimals than it has; the default bands are euros";

    /// <summary>Whether these prices can be charged as they are: nothing is rounded silently.</summary>
    public bool IsSound()
    {
        decimal[] amounts = [FreeShippingFrom, PerKilogramAbove, .. ToPriceList().Bands.Select(band => band.Price)];
        return Currencies.Exists(Currency) && amounts.All(amount => Money.Round(amount, Currency) == amount);
    }

    public PriceList ToPriceList() => new(Currency, FreeShippingFrom,
    [
        .. (ShippingBands.Length == 0 ? DefaultBands : ShippingBands)
            .OrderBy(band => band.UpToKilograms).Select(band => new ShippingBand(band.UpToKilograms, band.Price)),
    ], PerKilogramAbove)
    {
        Vat = VatZones.Length == 0 ? VatTable.Shipped : new VatTable([.. VatZones.Select(zone => zone.ToZone())]),
    };
}

internal sealed class ShippingBandOptions
{
    /// <summary>Heaviest weight of the band, kilograms.</summary>
    [Range(0.001, 100_000)]
    public decimal UpToKilograms { get; set; }

    /// <summary>Gross, in the shop's currency.</summary>
    [Range(0, 100_000)]
    public decimal Price { get; set; }
}

internal sealed class VatZoneOptions
{
    /// <summary>What the zone is called; 1 to 64 characters.</summary>
    [Required, StringLength(64)]
    public string Name { get; set; } = "";

    /// <summary>Countries as addresses have them, in any case; none: every country. Up to 1,000.</summary>
    [MaxLength(1000)]
    public string[] Countries { get; set; } = [];

    /// <summary>How postcodes of the zone begin; none: every postcode. Up to 1,000.</summary>
    [MaxLength(1000)]
    public string[] PostcodePrefixes { get; set; } = [];

    /// <summary>Percent for the tax class <c>standard</c>, and for shipping. Default 0, 0 to 100.</summary>
    [Range(0, 100)]
    public decimal Standard { get; set; }

    /// <summary>Percent for the tax class <c>reduced</c>. Default 0, 0 to 100.</summary>
    [Range(0, 100)]
    public decimal Reduced { get; set; }

    /// <summary>Percent for the tax class <c>super_reduced</c>. Default 0, 0 to 100.</summary>
    [Range(0, 100)]
    public decimal SuperReduced { get; set; }

    /// <summary>Percent for the tax class <c>zero</c>. Default 0, 0 to 100.</summary>
    [Range(0, 100)]
    public decimal Zero { get; set; }

    public VatZone ToZone() => new(Name, Countries, PostcodePrefixes, new TaxRates(Standard, Reduced, SuperReduced, Zero));
}

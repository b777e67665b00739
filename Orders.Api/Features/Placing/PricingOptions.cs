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
    ], PerKilogramAbove);
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

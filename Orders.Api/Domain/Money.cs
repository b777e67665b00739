namespace Orders.Api.Domain;

/// <summary>
/// Amounts have the decimals of their currency and are shown with two at least: 5 EUR is 5.00, 5 KWD is 5.000, 5 JPY is 5.00. Halves
/// round away from zero, as on Spanish invoices. Only what is computed is rounded; an amount that is given with more decimals is refused.
/// </summary>
internal static class Money
{
    /// <summary>Largest amount that is stored.</summary>
    public const decimal Max = 9_999_999_999.99m;

    public static decimal Round(decimal amount, string currency)
    {
        var decimals = Currencies.DecimalsOf(currency);
        return decimal.Round(amount, decimals, MidpointRounding.AwayFromZero) + Zero(decimals);
    }

    /// <summary>The smallest amount of the currency.</summary>
    public static decimal Unit(string currency) => new(1, 0, 0, false, (byte)Currencies.DecimalsOf(currency));

    private static decimal Zero(int decimals) => decimals switch
    {
        <= 2 => 0.00m,
        3 => 0.000m,
        _ => 0.0000m,
    };
}

/// <summary>Weights are kilograms with three decimals.</summary>
internal static class Weight
{
    /// <summary>Largest weight of an order: what numeric(12,3) holds.</summary>
    public const decimal Max = 999_999_999.999m;

    public static decimal Round(decimal kilograms) =>
        decimal.Round(kilograms, 3, MidpointRounding.AwayFromZero) + 0.000m;
}

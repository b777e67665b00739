namespace Orders.Api.Domain;

/// <summary>Amounts have two decimals, always shown: 5 is 5.00. Halves round away from zero, as on Spanish invoices.</summary>
internal static class Money
{
    /// <summary>Largest amount that fits numeric(12,2).</summary>
    public const decimal Max = 9_999_999_999.99m;

    /// <summary>Spanish standard rate, contained in every price.</summary>
    public const decimal VatRate = 0.21m;

    public static decimal Round(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;

    /// <summary>The VAT contained in a gross amount.</summary>
    public static decimal VatIn(decimal gross) => Round(gross * VatRate / (1 + VatRate));
}

/// <summary>Weights are kilograms with three decimals.</summary>
internal static class Weight
{
    /// <summary>Largest weight of an order: what numeric(12,3) holds.</summary>
    public const decimal Max = 999_999_999.999m;

    public static decimal Round(decimal kilograms) =>
        decimal.Round(kilograms, 3, MidpointRounding.AwayFromZero) + 0.000m;
}

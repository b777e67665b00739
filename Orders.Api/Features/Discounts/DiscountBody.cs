using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Discounts;

/// <summary>A discount code as callers send it: a percentage or an amount, never both.</summary>
/// <param name="Code">1 to 40 of A-Z, 0-9, - and _; only when it is created.</param>
/// <param name="Percent">More than 0, up to 100, two decimals.</param>
/// <param name="Amount">More than 0, in the shop's currency, VAT included.</param>
/// <param name="MinSubtotal">Smallest subtotal it applies to; default 0.</param>
/// <param name="StartsAt">Before this instant it is not accepted.</param>
/// <param name="EndsAt">From this instant on it is not accepted.</param>
/// <param name="UsesMax">How many orders may use it; absent: any number.</param>
/// <param name="Active">Default true.</param>
internal sealed partial record DiscountBody(
    [RegularExpression("^[A-Z0-9_-]{1,40}$")] string? Code, [Decimals(2), Range(0.01, 100)] decimal? Percent,
    [Decimals(Currencies.DecimalsMax), Range(0.0001, 9_999_999_999.99)] decimal? Amount,
    [Decimals(Currencies.DecimalsMax), Range(0, 9_999_999_999.99)] decimal? MinSubtotal,
    DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, [Range(1, int.MaxValue)] int? UsesMax, bool? Active)
{
    public static readonly DiscountBody Example = new("SUMMER-10", 10.00m, null, 20.00m, null, Examples.Far, 1000, true);

    public Check Validate(string? code, string currency)
    {
        var decimals = Currencies.DecimalsOf(currency);
        var check = new Check();
        if (code is null || !Form().IsMatch(code)) check.Fail("code", "must be 1 to 40 characters of A-Z, 0-9, - and _");
        if ((Percent is null) == (Amount is null)) check.Fail("percent", "give either percent or amount");
        if (Percent is not null && check.Decimals("percent", Percent, 2, 100) && Percent == 0) check.Fail("percent", "must be more than 0");
        if (Amount is not null && check.Decimals("amount", Amount, decimals, Money.Max) && Amount == 0) check.Fail("amount",
            "must be more than 0");
        if (MinSubtotal is not null) check.Decimals("min_subtotal", MinSubtotal, decimals, Money.Max);
        if (UsesMax is not null) check.Range("uses_max", UsesMax, 1, int.MaxValue);
        if (StartsAt >= EndsAt) check.Fail("ends_at", "must be after starts_at");
        return check;
    }

    public Discount ToDiscount(string code, int uses, string currency) => new()
    {
        Code = code,
        Percent = Percent,
        Amount = Amount is { } amount ? Money.Round(amount, currency) : null,
        MinSubtotal = Money.Round(MinSubtotal ?? 0, currency),
        StartsAt = StartsAt?.ToUniversalTime(),
        EndsAt = EndsAt?.ToUniversalTime(),
        UsesMax = UsesMax,
        Uses = uses,
        Active = Active ?? true,
    };

    [GeneratedRegex("^[A-Z0-9_-]{1,40}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Form();
}

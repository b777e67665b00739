using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>A discount code: a percentage or an amount off the goods, for some time, for some uses.</summary>
internal sealed class Discount
{
    /// <summary>1 to 40 characters of A-Z, 0-9, - and _; callers may write it in any case.</summary>
    public required string Code { get; init; }

    /// <summary>More than 0, up to 100; null when it is an amount.</summary>
    public decimal? Percent { get; init; }

    /// <summary>Gross, in the shop's currency; null when it is a percentage.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Smallest subtotal that it applies to.</summary>
    public required decimal MinSubtotal { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>From this instant on it is no longer accepted.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Orders that may use it; null: any number.</summary>
    public int? UsesMax { get; init; }

    /// <summary>Orders that have used it. Counted only when <see cref="UsesMax"/> is set: a counter is a queue.</summary>
    public required int Uses { get; init; }

    public required bool Active { get; init; }

    /// <summary>What an order keeps of it.</summary>
    public DiscountTerms Terms => new()
    {
        Percent = Percent, Amount = Amount, MinSubtotal = MinSubtotal == 0 ? null : MinSubtotal,
    };

    /// <summary>Why it does not apply now, or null.</summary>
    public string? Refusal(decimal subtotal, DateTimeOffset now)
    {
        if (!Active) return "is no longer valid";
        if (StartsAt > now) return "is not valid yet";
        if (EndsAt <= now) return "has expired";
        if (Uses >= UsesMax) return "is used up";
        return subtotal < MinSubtotal ? FormattableString.Invariant($"needs goods for at least {MinSubtotal}") : null;
    }
}

/// <summary>Applying the terms that an order was placed under.</summary>
internal static class Terms
{
    public static bool Apply(this DiscountTerms terms, decimal subtotal) => subtotal >= (terms.MinSubtotal ?? 0);

    /// <summary>What they take off these goods; never more than they cost.</summary>
    public static decimal Of(this DiscountTerms terms, decimal subtotal, string currency) => terms.Apply(subtotal)
        ? Money.Round(Math.Min(subtotal, terms.Amount ?? (subtotal * (terms.Percent ?? 0) / 100)), currency)
        : 0.00m;
}

using System.Globalization;
using Microsoft.Extensions.Primitives;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Changes;

/// <summary>Which changes somebody wants.</summary>
/// <param name="After">Those after this position.</param>
/// <param name="Limit">At most that many.</param>
/// <param name="Types">Of these types; null: of any.</param>
/// <param name="CustomerId">Of this customer's orders; null: of all.</param>
internal sealed record ChangeQuery(long After, int Limit, string[]? Types, string? CustomerId)
{
    public bool Fits(Change change) =>
        (CustomerId is null || change.CustomerId == CustomerId) && (Types is null || Types.Contains(change.Type, StringComparer.Ordinal));

    /// <summary>Types as callers name them: several parameters, or one with commas.</summary>
    public static string[]? TypesOf(StringValues sent, Check check)
    {
        if (sent.Count == 0) return null;
        string[] types = [.. sent.SelectMany(value => (value ?? "").Split(',')).Distinct(StringComparer.Ordinal)];
        if (Array.Find(types, type => !OrderEventTypes.All.Contains(type, StringComparer.Ordinal)) is not { } wrong) return types;
        check.OneOf("types", wrong, OrderEventTypes.All);
        return null;
    }

    /// <summary>A position, e.g. <c>after</c>; null when there is none, or it is wrong and <paramref name="check"/> says why.</summary>
    public static long? PositionOf(string field, string? text, Check check)
    {
        if (text is null) return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position)) return position;
        check.Fail(field, "must be a position: a whole number from 0");
        return null;
    }
}

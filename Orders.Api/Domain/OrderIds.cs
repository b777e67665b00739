using System.Security.Cryptography;

namespace Orders.Api.Domain;

internal static class OrderIds
{
    public const string OrderPrefix = "ord-";
    public const string RefundPrefix = "ref-";
    public const string ShipmentPrefix = "shp-";
    public const string ReturnPrefix = "ret-";

    // Crockford's base 32: no I, L, O, U, so that a number survives being read out on the telephone.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>A UUIDv7, so ids sort by time and new rows go to the end of the primary key.</summary>
    public static string NewId(string prefix, DateTimeOffset now) => prefix + Guid.CreateVersion7(now);

    /// <summary>Whether the text can be an order's id at all.</summary>
    public static bool IsId(string? text) =>
        text is { Length: 40 } && text.StartsWith(OrderPrefix, StringComparison.Ordinal)
        && Guid.TryParseExact(text.AsSpan(OrderPrefix.Length), "D", out _)
        && !text.AsSpan(OrderPrefix.Length).ContainsAnyInRange('A', 'Z');

    /// <summary>40 random bits; the unique index catches the rare repeat and the caller draws again.</summary>
    public static string NewNumber()
    {
        Span<char> number = stackalloc char[9];
        RandomNumberGenerator.GetItems(Alphabet, number);
        number[4] = '-';
        return new string(number);
    }
}

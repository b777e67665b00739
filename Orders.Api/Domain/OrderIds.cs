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
    private const int NumberLength = 9;

    /// <summary>A UUIDv7, so ids sort by time and new rows go to the end of the primary key.</summary>
    public static string NewId(string prefix, DateTimeOffset now) => prefix + Guid.CreateVersion7(now);

    /// <summary>Whether the text can be such an id at all; an order's, if nothing else is said.</summary>
    public static bool IsId(string? text, string prefix = OrderPrefix) =>
        text is { Length: 40 } && text.StartsWith(prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(text.AsSpan(prefix.Length), "D", out _)
        && !text.AsSpan(prefix.Length).ContainsAnyInRange('A', 'Z');

    /// <summary>40 random bits; the unique index catches the rare repeat and the caller draws again.</summary>
    public static string NewNumber()
    {
        Span<char> number = stackalloc char[NumberLength];
        RandomNumberGenerator.GetItems(Alphabet, number);
        number[NumberLength / 2] = '-';
        return new string(number);
    }

    /// <summary>The number of the lowest 40 of these bits.</summary>
    public static string NumberOf(ulong bits) => string.Create(NumberLength, bits, static (number, rest) =>
    {
        for (var i = number.Length - 1; i >= 0; i--)
        {
            if (i == NumberLength / 2)
            {
                number[i] = '-';
                continue;
            }

            number[i] = Alphabet[(int)(rest & 31)];
            rest >>= 5;
        }
    });

    /// <summary>
    /// The number that people mean: in any case, with spaces or without its dash, and with the letters that the alphabet lacks for the
    /// digits that they look like. Null when it can be no number.
    /// </summary>
    public static string? MeantNumber(string text)
    {
        var digits = text.Where(letter => letter is not ('-' or ' ')).Select(letter => char.ToUpperInvariant(letter) switch
        {
            'O' => '0', 'I' or 'L' => '1', var other => other,
        }).ToArray();
        if (digits.Length != NumberLength - 1) return null;
        var number = $"{digits.AsSpan(0, NumberLength / 2)}-{digits.AsSpan(NumberLength / 2)}";
        return IsNumber(number) ? number : null;
    }

    public static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length == NumberLength && text[NumberLength / 2] == '-' && text.Count('-') == 1 && !text.ContainsAnyExcept(Alphabet + "-");
}

using System.Globalization;
using System.Text.Json;

namespace Orders.Simulator.Files;

/// <summary>
/// Turns the cells of one row into values, by the rules that the API has for the same fields, and collects what is wrong with
/// them. Where something is wrong the value is a default: the row is thrown away then.
/// </summary>
internal sealed class RowReading(RawRow row, ICollection<BadCell> bad)
{
    private const string PointForm = "must be [latitude, longitude] in degrees";

    private static readonly char[] PointSeparators = [',', ';', ' '];

    public string Text(string column, int max = 200)
    {
        if (TextOrNull(column, max) is { } text && !string.IsNullOrWhiteSpace(text)) return text;
        if (!bad.Any(cell => cell.Column == column)) Fail(column, "is required");
        return "";
    }

    /// <summary>An empty cell of CSV is empty text, as the schemas have it for a house without a number.</summary>
    public string? TextOrNull(string column, int max = 200)
    {
        if (!row.Cells.TryGetValue(column, out var cell)) return null;
        var text = cell.Text;
        if (cell.Json is { ValueKind: not JsonValueKind.Null } json)
        {
            if (json.ValueKind != JsonValueKind.String) return Fail<string?>(column, "must be text");
            if (!IsUnicode(json, out text)) return Fail<string?>(column, "has half of a surrogate pair");
        }

        if (text?.Length > max) return Fail<string?>(column, FormattableString.Invariant($"is longer than {max} characters"));
        return text?.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) == true
            ? Fail<string?>(column, "has control characters")
            : text;
    }

    public string OneOf(string column, IReadOnlyList<string> allowed)
    {
        var text = Text(column);
        if (text.Length > 0 && !allowed.Contains(text))
            Fail(column, $"is '{text}'; it must be {string.Join(", ", allowed.SkipLast(1))} or {allowed[^1]}");
        return text;
    }

    /// <summary>ISO 4217, three capital letters.</summary>
    public string Currency(string column)
    {
        var text = Text(column, 3);
        if (text.Length > 0 && (text.Length != 3 || !text.All(char.IsAsciiLetterUpper)))
            Fail(column, $"is '{text}'; it must be an ISO 4217 code such as EUR");
        return text;
    }

    /// <summary>A date such as 1940-10-12.</summary>
    public DateOnly? Date(string column)
    {
        if (Written(column) is not { } text) return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : Fail<DateOnly?>(column, $"is '{text}'; it must be a date such as 1940-10-12");
    }

    public decimal Number(string column, int decimals, decimal max)
    {
        if (Written(column) is not { } text) return Fail<decimal>(column, "is required");
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number))
            return Fail<decimal>(column, $"is '{text}'; it must be a number with a point, such as 19.90");
        if (number < 0 || number > max)
            return Fail<decimal>(column, FormattableString.Invariant($"is {number}; it must be 0 to {max}"));
        return decimal.Round(number, decimals) == number
            ? decimal.Round(number, decimals) + new decimal(0, 0, 0, isNegative: false, (byte)decimals)
            : Fail<decimal>(column, FormattableString.Invariant($"is {number}; it may have at most {decimals} decimals"));
    }

    public int? Whole(string column)
    {
        if (Written(column) is not { } text) return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : Fail<int?>(column, $"is '{text}'; it must be a whole number from 0 to {int.MaxValue}");
    }

    public bool Flag(string column, bool byDefault) => Written(column)?.ToLowerInvariant() switch
    {
        null => byDefault,
        "true" => true,
        "false" => false,
        var text => Fail<bool>(column, $"is '{text}'; it must be true or false"),
    };

    /// <summary>Degrees as text, which is what the schema has; not more than <paramref name="max"/> either way.</summary>
    public string? Degrees(string column, double max)
    {
        var text = TextOrNull(column);
        if (string.IsNullOrEmpty(text) || (Degrees(text) is { } degrees && Math.Abs(degrees) <= max)) return text;
        return Fail<string?>(column, FormattableString.Invariant($"is '{text}'; it must be degrees from -{max} to {max}"));
    }

    /// <summary>[latitude, longitude]; in CSV the same text, with or without brackets.</summary>
    public IReadOnlyList<double>? Point(string column)
    {
        if (!row.Cells.TryGetValue(column, out var cell) || cell.Json is { ValueKind: JsonValueKind.Null } || cell.Text is "") return null;
        if (cell.Json is { ValueKind: not JsonValueKind.Array }) return Fail<IReadOnlyList<double>?>(column, PointForm);
        var written = cell.Text is { } text
            ? text.Trim('[', ']', ' ').Split(PointSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. cell.Json!.Value.EnumerateArray().Select(degrees => degrees.GetRawText())];
        return written.Length == 2 && Degrees(written[0]) is { } latitude && Degrees(written[1]) is { } longitude
            && Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180
            ? [latitude, longitude]
            : Fail<IReadOnlyList<double>?>(column, PointForm);
    }

    private static double? Degrees(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && double.IsFinite(degrees)
            ? degrees : null;

    /// <summary>What stands there for a date, a number or a flag; null when nothing does.</summary>
    private string? Written(string column)
    {
        if (!row.Cells.TryGetValue(column, out var cell)) return null;
        if (cell.Json is not { } json) return string.IsNullOrWhiteSpace(cell.Text) ? null : cell.Text.Trim();
        return json.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => json.GetString(),
            _ => json.GetRawText(),
        };
    }

    /// <summary>An escape such as \ud800 is JSON, but no text.</summary>
    private static bool IsUnicode(JsonElement json, out string? text)
    {
        try
        {
            text = json.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }

    private void Fail(string column, string reason) => bad.Add(new BadCell(row.Line, column, reason));

    private T? Fail<T>(string column, string reason)
    {
        Fail(column, reason);
        return default;
    }
}

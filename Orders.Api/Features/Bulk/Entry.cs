using System.Globalization;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Bulk;

/// <summary>An entry of a list in a line, e.g. <c>items[3]</c>. Its name is made only when something is wrong with it.</summary>
internal readonly record struct Entry(string List, int Index)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{List}[{Index}]");

    public string Field(string name) => string.Create(CultureInfo.InvariantCulture, $"{List}[{Index}].{name}");
}

/// <summary>
/// What <see cref="Check"/> checks, for entries of lists: good values cost no text. What is bad goes through <see cref="Check"/>, which
/// finds the words.
/// </summary>
internal static class EntryChecks
{
    public static void Text(this Check check, Entry at, string name, string? value, int max = 200, bool required = true)
    {
        if (value is null ? required : value.Length > max || IsUnfit(value) || (required && string.IsNullOrWhiteSpace(value)))
            check.Text(at.Field(name), value, max, required);
    }

    public static void Amount(this Check check, Entry at, string name, decimal? value, int decimals)
    {
        if (value is not (>= 0 and <= Money.Max) || decimal.Round(value.Value, decimals) != value)
            check.Decimals(at.Field(name), value, decimals, Money.Max);
    }

    public static void Whole(this Check check, Entry at, string name, int? value, int min, int max)
    {
        if (value is not { } number || number < min || number > max) check.Range(at.Field(name), value, min, max);
    }

    /// <summary>Text that may be left out, but not left empty.</summary>
    public static void Optional(this Check check, string field, string? value, int max)
    {
        if (value is not null) check.Text(field, value, max);
    }

    /// <summary>An id as Orders makes them, if there is one.</summary>
    public static void Id(this Check check, string field, string? value, string prefix)
    {
        if (value is not null && !OrderIds.IsId(value, prefix)) check.Fail(field, $"must be '{prefix}' and a UUID in lower case");
    }

    /// <summary>What is given must be what the rest of the line makes of it, to the last decimal.</summary>
    public static void Agrees<T>(this Check check, string field, T? given, T derived, string why)
        where T : struct, IEquatable<T>
    {
        if (given is { } value && !value.Equals(derived)) check.Fail(field, FormattableString.Invariant($"must be {derived}: {why}"));
    }

    private static bool IsUnfit(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\0', '\u001f') || text.ContainsAnyInRange('\u007f', '\u009f');
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>Collects what is wrong with a request, field by field, so that a caller sees everything at once.</summary>
internal sealed class Check
{
    private readonly List<FieldError> _errors = [];

    public bool Failed => _errors.Count > 0;

    public OrderError.Invalid Error => new(_errors);

    public IResult Problem => Problems.Invalid(_errors);

    public void Fail(string field, string reason) => _errors.Add(new FieldError(field, reason));

    /// <summary>Text that must be there: 1..max characters, no control characters (Postgres cannot store U+0000).</summary>
    public bool Text(string field, [NotNullWhen(true)] string? value, int max = 200, bool required = true)
    {
        if (value is null) return !required || Refuse(field, "is required");
        if (required && string.IsNullOrWhiteSpace(value)) return Refuse(field, "must not be empty");
        if (value.Length > max) return Refuse(field, string.Create(CultureInfo.InvariantCulture, $"must have at most {max} characters"));
        if (value.Any(char.IsControl)) return Refuse(field, "must not contain control characters");
        return true;
    }

    public bool Range<T>(string field, [NotNullWhen(true)] T? value, T min, T max)
        where T : struct, IComparable<T>, IFormattable
    {
        if (value is not { } number) return Refuse(field, "is required");
        if (number.CompareTo(min) >= 0 && number.CompareTo(max) <= 0) return true;
        return Refuse(field, string.Create(CultureInfo.InvariantCulture, $"must be between {min} and {max}"));
    }

    /// <summary>An amount or weight that the column can hold exactly: more decimals are refused, never rounded away.</summary>
    public bool Decimals(string field, decimal? value, int decimals, decimal max)
    {
        if (!Range(field, value, 0m, max)) return false;
        return decimal.Round(value.Value, decimals) == value.Value
            || Refuse(field, string.Create(CultureInfo.InvariantCulture, $"must have at most {decimals} decimals"));
    }

    public bool OneOf(string field, [NotNullWhen(true)] string? value, IReadOnlyList<string> allowed)
    {
        if (value is null) return Refuse(field, "is required");
        return allowed.Contains(value, StringComparer.Ordinal) || Refuse(field, "must be one of " + string.Join(", ", allowed));
    }

    /// <summary>An instant of a query; a date is its first moment in UTC. Null when there is none, or with the reason here.</summary>
    public DateTimeOffset? Instant(string field, string? text)
    {
        if (text is null) return null;
        if (Instants.TryParseOrDate(text, out var instant)) return instant;
        Refuse(field, "must be an instant such as 2026-11-21T08:00:00Z or a date");
        return null;
    }

    private bool Refuse(string field, string reason)
    {
        Fail(field, reason);
        return false;
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Orders.Api.Http;

/// <summary>
/// Instants as callers may write them: RFC 3339 and nothing else, with lower-case letters and as many decimals of a second as they like, of
/// which seven count. The framework's own readers take far more, such as <c>12:00</c>,
/// <c>1/2/2026</c> or an instant without a zone, and then guess what was meant.
/// </summary>
internal static partial class Instants
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    private const int CharactersMax = 64;

    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        instant = default;
        if (text is null || text.Length > CharactersMax || Shape().Match(text) is not { Success: true } shape) return false;
        var plain = (shape.Groups["upto"].Value + shape.Groups["counts"].Value + shape.Groups["zone"].Value).ToUpperInvariant();
        var known = DateTimeOffset.TryParseExact(plain, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
        instant = instant.ToUniversalTime();
        return known;
    }

    /// <summary>As <see cref="TryParse"/>; a date is its first moment in UTC.</summary>
    public static bool TryParseOrDate(string? text, out DateTimeOffset instant) =>
        TryParse(text, out instant)
        || DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    [GeneratedRegex(
        @"^(?<upto>[0-9-]{10}[Tt][0-9:]{8})((?<counts>\.[0-9]{1,7})[0-9]*)?(?<zone>[Zz]|[+-][0-9:]{5})\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}

/// <summary>For request bodies. Replies are written by <see cref="Orders.Contracts.UtcConverter"/>.</summary>
internal sealed class RequestInstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Instants.TryParse(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are read");
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Api.Http;

/// <summary>
/// Instants as callers may write them: RFC 3339 and nothing else. The framework's own readers take far more, such as <c>12:00</c>,
/// <c>1/2/2026</c> or an instant without a zone, and then guess what was meant.
/// </summary>
internal static class Instants
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static bool TryParse(string? text, out DateTimeOffset instant)
    {
        var known = DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
        instant = instant.ToUniversalTime();
        return known;
    }

    /// <summary>As <see cref="TryParse"/>; a date is its first moment in UTC.</summary>
    public static bool TryParseOrDate(string? text, out DateTimeOffset instant) =>
        TryParse(text, out instant)
        || DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);
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

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Contracts;

/// <summary>
/// Instants as RFC 3339 in UTC with microseconds, always the same width: <c>2026-11-21T08:15:30.123456Z</c>. They sort as
/// text and are what Postgres keeps, so a value is the same wherever it is read.
/// </summary>
public sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDateTimeOffset(out var instant)
            ? instant.ToUniversalTime()
            : throw new JsonException("not an RFC 3339 instant");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture));
}

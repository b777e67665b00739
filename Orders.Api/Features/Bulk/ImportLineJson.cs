using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Bulk;

/// <summary>How a line is read: as strictly as a request, and instants must say their offset.</summary>
internal static class ImportLineJson
{
    private static readonly JsonSerializerOptions Options = Make();

    /// <returns>The line, or what keeps it from being one.</returns>
    public static (ImportLine? Line, FieldError? Error) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var line = JsonSerializer.Deserialize<ImportLine>(json, Options);
            return line is null ? (null, new FieldError("line", "must be an object")) : (line, null);
        }
        catch (JsonException error)
        {
            return (null, Explain(error));
        }
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(RequestJson.Options);
        // Before the one for requests, which cuts nothing and says less.
        options.Converters.Insert(0, new InstantConverter());
        return options;
    }

    private static FieldError Explain(JsonException error)
    {
        var field = RequestJson.FieldName(error.Path);
        if (error.Message == InstantConverter.Wanted) return new FieldError(field, InstantConverter.Wanted);
        var reason = RequestJson.Reason(error);
        if (reason.StartsWith("is not valid JSON", StringComparison.Ordinal))
            return new FieldError("line", string.Create(CultureInfo.InvariantCulture,
                $"is not valid JSON (byte {(error.BytePositionInLine ?? 0) + 1})"));
        return field == "body" ? new FieldError("line", "must be an object") : new FieldError(field, reason);
    }

    /// <summary>
    /// Instants with their offset: without one, the same file would mean other instants on a server in another zone. Cut to the
    /// microseconds that are kept.
    /// </summary>
    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public const string Wanted = "must be an RFC 3339 instant with its offset, such as 2026-11-21T08:00:00Z";

        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && ((HasOffset(ref reader) && reader.TryGetDateTimeOffset(out var instant))
                || Instants.TryParse(reader.GetString(), out instant))
                ? Order.Instant(instant)
                : throw new JsonException(Wanted);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            throw new NotSupportedException("lines are read only");

        // Behind the date and the T: a Z, or the sign of hours and minutes. Many writers escape the plus.
        private static bool HasOffset(ref Utf8JsonReader reader)
        {
            var text = reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
            return text.Length > 11 && (text[^1] == (byte)'Z' || text[11..].ContainsAny((byte)'+', (byte)'-'));
        }
    }
}

using System.Text.Json;
using System.Text.Unicode;
using Orders.Contracts;

namespace Orders.Indexer.Streams;

/// <summary>
/// Turns a record into an event, or says why that is impossible. A record is refused only for what makes it unusable:
/// fields that a newer producer added are kept, event types that this code does not know pass.
/// </summary>
internal static class EventDecoder
{
    /// <summary>Generated serializers that, unlike the writer's, also refuse an explicit null where a value is required.</summary>
    private static readonly OrdersJsonContext Strict = new(StrictOptions());

    public static StreamEvent? Decode(RawEvent raw, DateTimeOffset receivedAt, out Rejection? rejection)
    {
        rejection = null;
        if (raw.Value is not { Length: > 0 } value) return Refuse(
            raw, DeadLetterReasons.EmptyValue, "the record has no value", out rejection);
        if (!Utf8.IsValid(value)) return Refuse(raw, DeadLetterReasons.MalformedJson, "the value is not UTF-8", out rejection);
        if (!TrySliceData(value, out var data, out var error)) return Refuse(raw, DeadLetterReasons.MalformedJson, error, out rejection);
        try
        {
            var decoded = JsonSerializer.Deserialize(value, Strict.OrderEvent);
            if (decoded is null) return Refuse(raw, DeadLetterReasons.InvalidField, "the event is null", out rejection);
            return Check(decoded, raw) is { } fault
                ? Refuse(raw, DeadLetterReasons.InvalidField, fault, out rejection, decoded.TraceParent)
                : new StreamEvent(raw, decoded, data, receivedAt);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            var reason = failure.Message.Contains("required properties", StringComparison.Ordinal)
                ? DeadLetterReasons.MissingField
                : DeadLetterReasons.InvalidField;
            return Refuse(raw, reason, failure.Message, out rejection);
        }
    }

    /// <summary>What the types cannot say.</summary>
    private static string? Check(OrderEvent decoded, RawEvent raw) => decoded switch
    {
        { SpecVersion: not "1.0" } => $"specversion is '{decoded.SpecVersion}', expected '1.0'",
        { Data.Id: "" } => "data.id is empty",
        { Data.Version: < 1 } => $"data.version is {decoded.Data.Version}, expected 1 or more",
        { Data.Items: var items } when items.Any(item => item is null) => "data.items has a null item",
        _ when decoded.Subject != decoded.Data.Id => "subject is not data.id",
        _ when raw.Key is { } key && !key.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(decoded.Subject)) =>
            "the record's key is not the event's subject",
        _ => null,
    };

    /// <summary>Finds the bytes of <c>data</c>; the last one counts if there are several, as for the serializer.</summary>
    private static bool TrySliceData(byte[] value, out ReadOnlyMemory<byte> data, out string error)
    {
        data = default;
        error = "";
        try
        {
            var reader = new Utf8JsonReader(value);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
                var isData = reader.ValueTextEquals("data"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (isData) data = value.AsMemory(start, (int)reader.BytesConsumed - start);
            }

            return true;
        }
        catch (JsonException failure)
        {
            error = failure.Message;
            return false;
        }
    }

    private static StreamEvent? Refuse(
        RawEvent raw, string reason, string detail, out Rejection? rejection, string? traceParent = null)
    {
        rejection = new Rejection(raw, reason, detail, traceParent);
        return null;
    }

    private static JsonSerializerOptions StrictOptions()
    {
        var options = OrdersJson.Options();
        options.RespectNullableAnnotations = true;
        return options;
    }
}

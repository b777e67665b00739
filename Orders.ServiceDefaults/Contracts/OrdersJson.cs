using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Contracts;

/// <summary>
/// How Orders writes JSON, everywhere: snake_case, absent instead of null, text as it is (no \u escapes for letters).
/// The serializers are generated, so an event costs no reflection.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcConverter)])]
[JsonSerializable(typeof(OrderState))]
[JsonSerializable(typeof(OrderEvent))]
[JsonSerializable(typeof(OrderDocument))]
[JsonSerializable(typeof(DeadLetter))]
[JsonSerializable(typeof(InboundCommand))]
public sealed partial class OrdersJsonContext : JsonSerializerContext;

/// <summary>The context with Orders' encoder; see <see cref="OrdersJsonContext"/>.</summary>
public static class OrdersJson
{
    /// <summary>Replies are JSON, never HTML, so only what JSON itself demands is escaped.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static readonly OrdersJsonContext Default = new(Options());

    /// <summary>A fresh copy of the options, for a serializer that adds types of its own.</summary>
    public static JsonSerializerOptions Options() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = Encoder,
        Converters = { new UtcConverter() },
    };
}

using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Orders.Api.Docs;

/// <summary>The kinds of values that parameters and headers have.</summary>
internal static class Values
{
    public static OpenApiSchema Text(int max, int min = 1) =>
        new() { Type = JsonSchemaType.String, MinLength = min, MaxLength = max };

    public static OpenApiSchema Pattern(string pattern) => new() { Type = JsonSchemaType.String, Pattern = pattern };

    public static OpenApiSchema Whole(long min, long max, long? otherwise = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = Digits(min),
        Maximum = Digits(max),
        Default = otherwise is { } value ? JsonValue.Create(value) : null,
    };

    public static OpenApiSchema Number(decimal min, decimal max) =>
        new() { Type = JsonSchemaType.Number, Minimum = Digits(min), Maximum = Digits(max) };

    public static OpenApiSchema Flag(bool? otherwise = null) =>
        new() { Type = JsonSchemaType.Boolean, Default = otherwise is { } value ? JsonValue.Create(value) : null };

    /// <summary>RFC 3339, e.g. <c>2026-11-21T08:00:00Z</c>, or a date.</summary>
    public static OpenApiSchema Instant() => new()
    {
        AnyOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
        ],
    };

    public static OpenApiSchema OneOf(IEnumerable<string> names, string? otherwise = null) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. names.Select(name => (JsonNode)JsonValue.Create(name)!)],
        Default = otherwise is null ? null : JsonValue.Create(otherwise),
    };

    /// <summary>A parameter that may stand more than once.</summary>
    public static OpenApiSchema Many(this OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static string Digits(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

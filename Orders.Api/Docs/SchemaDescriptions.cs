using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orders.Api.Docs;

/// <summary>
/// What a type's schema cannot tell by itself: the wire form of types with converters of ours, and the bounds that a request's
/// fields have (attributes such as <c>[Required]</c> and <c>[StringLength(64)]</c> on the record's parameters). The attributes are
/// documentation; the handler's <c>Check</c> decides, and the robustness test compares the two.
/// </summary>
internal sealed class SchemaDescriptions : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        var nullable = context.JsonTypeInfo.Type != type ? JsonSchemaType.Null : default;
        if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String | nullable, "date-time");
        if (type == typeof(decimal)) (schema.Type, schema.Format) = (JsonSchemaType.Number | nullable, "decimal");
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String | nullable;
            schema.Enum = [.. Enum.GetValues(type).Cast<object>()
                .Select(value => JsonSerializer.SerializeToNode(value, type, context.JsonTypeInfo.Options)!)];
        }

        if (context.JsonPropertyInfo is { } property) Describe(schema, property);
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object) Require(schema, context.JsonTypeInfo);
        return Task.CompletedTask;
    }

    private static void Require(OpenApiSchema schema, JsonTypeInfo type)
    {
        var required = type.Properties
            .Where(property => property.IsRequired || IsAlwaysThere(property) || Attributes(property).OfType<RequiredAttribute>().Any())
            .Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        schema.Required = required.Count == 0 ? null : required;
    }

    /// <summary>What cannot be null stands in every reply. Requests are read into types whose members can all be null.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo property) =>
        property is { IsExtensionData: false, Get: not null, IsGetNullable: false }
        && property.PropertyType != typeof(JsonElement) && Nullable.GetUnderlyingType(property.PropertyType) is null;

    private static void Describe(OpenApiSchema schema, JsonPropertyInfo property)
    {
        foreach (var attribute in Attributes(property))
        {
            switch (attribute)
            {
                case RequiredAttribute:
                    schema.Type &= ~JsonSchemaType.Null;
                    if (schema.Type == JsonSchemaType.String && schema.Enum is null) schema.MinLength ??= 1;
                    break;
                case ReadAsAttribute read:
                    schema.Type = JsonSchemaType.Null | (read.Type == typeof(int?) ? JsonSchemaType.Integer : JsonSchemaType.String);
                    schema.Format = read.Type == typeof(DateTimeOffset?) ? "date-time" : null;
                    break;
                case StringLengthAttribute text:
                    schema.MaxLength = text.MaximumLength;
                    if (text.MinimumLength > 0) schema.MinLength = text.MinimumLength;
                    break;
                case DecimalsAttribute number:
                    schema.MultipleOf = new decimal(1, 0, 0, isNegative: false, (byte)number.Count);
                    break;
                case UpToAttribute limit:
                    SetMost(schema, limit.Value);
                    break;
                case LengthAttribute list:
                    (schema.MinItems, schema.MaxItems) = (list.MinimumLength, list.MaximumLength);
                    break;
                case RangeAttribute range:
                    schema.Minimum = Digits(range.Minimum);
                    schema.Maximum = Digits(range.Maximum);
                    break;
                case RegularExpressionAttribute text:
                    schema.Pattern = text.Pattern;
                    break;
                case AllowedValuesAttribute allowed:
                    var one = schema.Items as OpenApiSchema ?? schema;
                    one.Enum = [.. allowed.Values.Select(value => JsonValue.Create((string?)value)!)];
                    break;
                case DescriptionAttribute text:
                    schema.Description = text.Description;
                    break;
                case DefaultValueAttribute value:
                    schema.Default = JsonSerializer.SerializeToNode(value.Value);
                    break;
            }
        }
    }

    private static void SetMost(OpenApiSchema schema, int most)
    {
        switch (schema.Type & ~JsonSchemaType.Null)
        {
            case JsonSchemaType.Array: (schema.MinItems, schema.MaxItems) = (1, most); break;
            case JsonSchemaType.String: (schema.MinLength, schema.MaxLength) = (1, most); break;
            default: (schema.Minimum, schema.Maximum) = ("1", Digits(most)); break;
        }
    }

    /// <summary>Never with an exponent: not every reader of the document takes one.</summary>
    private static string Digits(object value) =>
        Convert.ToDecimal(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    /// <summary>A record's attributes stand on its constructor's parameters.</summary>
    private static IEnumerable<Attribute> Attributes(JsonPropertyInfo property) =>
        Of(property.AttributeProvider).Concat(Of(property.AssociatedParameter?.AttributeProvider));

    private static IEnumerable<Attribute> Of(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(inherit: true).OfType<Attribute>() ?? [];
}

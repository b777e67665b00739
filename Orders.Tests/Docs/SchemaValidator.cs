using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orders.Tests.Docs;

/// <summary>
/// Validates JSON against the part of JSON Schema 2020-12 that the document uses. A keyword that it does not know is a failure of
/// the test, so that nothing passes because it was not looked at.
/// </summary>
/// <param name="root">The document that <c>$ref</c> leads into.</param>
internal sealed partial class SchemaValidator(JsonObject root)
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "description", "default", "example", "examples", "title", "$ref", "$schema", "$id", "$comment",
        // Together with their partners.
        "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "multipleOf", "minItems", "maxItems", "items",
        "required", "properties", "additionalProperties",
    };

    /// <summary>What is wrong with the value, as "path: reason"; empty when it is valid.</summary>
    public List<string> Errors(JsonObject schema, JsonNode? value)
    {
        var errors = new List<string>();
        Check(schema, value, "$", errors);
        return errors;
    }

    public static JsonObject Resolve(JsonObject root, JsonObject schema)
    {
        while ((string?)schema["$ref"] is { } reference)
        {
            JsonNode node = root;
            foreach (var part in reference[2..].Split('/'))
                node = node[part] ?? throw new InvalidOperationException($"{reference} leads nowhere");
            schema = node.AsObject();
        }

        return schema;
    }

    private void Check(JsonObject unresolved, JsonNode? value, string at, List<string> errors)
    {
        var schema = Resolve(root, unresolved);
        foreach (var (keyword, rule) in schema)
        {
            switch (keyword)
            {
                case "type" when !Types(rule!).Any(type => Is(type, value)):
                    Fail($"is no {rule!.ToJsonString()}");
                    return;
                case "enum" when !rule!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)):
                    Fail($"is none of {rule.ToJsonString()}");
                    break;
                case "const" when !JsonNode.DeepEquals(rule, value):
                    Fail($"is not {rule!.ToJsonString()}");
                    break;
                case "oneOf" when rule!.AsArray().Count(part => Fits(part!.AsObject(), value)) != 1:
                    Fail("does not fit exactly one");
                    break;
                case "anyOf" when !rule!.AsArray().Any(part => Fits(part!.AsObject(), value)):
                    Fail("fits none");
                    break;
                case "type" or "enum" or "const" or "oneOf" or "anyOf": break;
                default:
                    if (!Annotations.Contains(keyword)) throw new NotSupportedException($"{at}: keyword {keyword} is not checked");
                    break;
            }
        }

        if (value is JsonObject members) CheckObject(schema, members, at, errors);
        else if (value is JsonArray items) CheckArray(schema, items, at, errors);
        else if (value?.GetValueKind() == JsonValueKind.String) CheckText(schema, value.GetValue<string>(), Fail);
        else if (value?.GetValueKind() == JsonValueKind.Number) CheckNumber(schema, value, Fail);

        void Fail(string reason) => errors.Add($"{at}: {reason}, but {Short(value)}");
    }

    private bool Fits(JsonObject schema, JsonNode? value) => Errors(schema, value).Count == 0;

    private void CheckObject(JsonObject schema, JsonObject value, string at, List<string> errors)
    {
        foreach (var name in schema["required"]?.AsArray().Select(name => (string)name!) ?? [])
        {
            if (!value.ContainsKey(name)) errors.Add($"{at}.{name}: is required");
        }

        var properties = schema["properties"]?.AsObject();
        foreach (var (name, member) in value)
        {
            if (properties?[name] is JsonObject known) Check(known, member, $"{at}.{name}", errors);
            else if (schema["additionalProperties"] is JsonObject other) Check(other, member, $"{at}.{name}", errors);
            else if (schema["additionalProperties"]?.GetValueKind() == JsonValueKind.False) errors.Add($"{at}.{name}: is not known");
        }
    }

    private void CheckArray(JsonObject schema, JsonArray value, string at, List<string> errors)
    {
        if (value.Count < (int?)schema["minItems"] || value.Count > (int?)schema["maxItems"]) errors.Add($"{at}: has {value.Count} items");
        if (schema["items"] is not JsonObject items) return;
        for (var i = 0; i < value.Count; i++) Check(items, value[i], $"{at}[{i}]", errors);
    }

    private static void CheckText(JsonObject schema, string value, Action<string> fail)
    {
        // As .NET counts, in UTF-16 units, which is what the limits are about.
        if (value.Length < (int?)schema["minLength"]) fail($"is shorter than {schema["minLength"]}");
        if (value.Length > (int?)schema["maxLength"]) fail($"is longer than {schema["maxLength"]}");
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(value, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            fail($"does not match {pattern}");
        var formatted = (string?)schema["format"] switch
        {
            "date-time" => Instant().IsMatch(value)
                && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
            "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "uri" => Uri.TryCreate(value, UriKind.Absolute, out _),
            "uuid" => Guid.TryParse(value, out _),
            null => true,
            var other => throw new NotSupportedException($"format {other} is not checked"),
        };
        if (!formatted) fail($"is no {schema["format"]}");
    }

    private static void CheckNumber(JsonObject schema, JsonNode value, Action<string> fail)
    {
        if (!decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            fail("is out of every range");
            return;
        }

        if (number < Number(schema, "minimum")) fail($"is less than {schema["minimum"]}");
        if (number > Number(schema, "maximum")) fail($"is more than {schema["maximum"]}");
        if (Number(schema, "multipleOf") is { } step && number % step != 0) fail($"is no multiple of {step}");
        if ((string?)schema["format"] == "int32" && number is < int.MinValue or > int.MaxValue) fail("is no int32");
        if ((string?)schema["format"] == "int64" && number is < long.MinValue or > long.MaxValue) fail("is no int64");
    }

    private static decimal? Number(JsonObject schema, string keyword) =>
        schema[keyword] is { } bound ? decimal.Parse(bound.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<string> Types(JsonNode rule) =>
        rule is JsonArray many ? many.Select(type => (string)type!) : [(string)rule!];

    private static bool Is(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && IsWhole(value),
        _ => throw new NotSupportedException($"type {type} is not checked"),
    };

    private static bool IsWhole(JsonNode value) =>
        decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number % 1 == 0;

    /// <summary>RFC 3339: .NET's own reader takes more.</summary>
    [GeneratedRegex("^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}([.][0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.None, 1000)]
    private static partial Regex Instant();

    private static string Short(JsonNode? value) => value?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 80)] : "null";
}

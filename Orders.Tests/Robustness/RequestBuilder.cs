using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Tests.Docs;

namespace Orders.Tests.Robustness;

/// <summary>Makes a valid request of an operation from what the document says of it.</summary>
internal static class RequestBuilder
{
    /// <param name="operation">What to ask for.</param>
    /// <param name="ids">Real ids for those in the examples.</param>
    /// <param name="token">The API key.</param>
    /// <param name="takes">Whether an optional parameter is sent.</param>
    /// <param name="form">Which of the bodies that it takes, where there are several.</param>
    public static HostileRequest Build(
        ApiOperation operation, IReadOnlyDictionary<string, string> ids, string token, Func<JsonObject, bool> takes, int form = 0)
    {
        var request = new HostileRequest { Operation = operation, Method = operation.Method, Path = operation.Path };
        request.Set("Accept", "application/json");
        if (operation.Json["security"]!.AsArray().Count > 0) request.Set("Authorization", $"Bearer {token}");
        foreach (var parameter in operation.Parameters)
        {
            var required = (bool?)parameter["required"] == true;
            if (!required && !takes(parameter)) continue;
            var name = (string)parameter["name"]!;
            var value = World.Fill(parameter["example"] ?? Invent(parameter["schema"]!.AsObject()), ids);
            switch ((string)parameter["in"]!)
            {
                case "path":
                    request.Path = request.Path.Replace($"{{{name}}}", Uri.EscapeDataString(Text(value)), StringComparison.Ordinal);
                    break;
                case "query":
                    foreach (var one in value is JsonArray many ? many.ToList() : [value])
                        request.Query.Add((name, Uri.EscapeDataString(Text(one))));
                    break;
                case "header":
                    request.Set(name, Text(value));
                    break;
            }
        }

        if (operation.Bodies.Count == 0) return request;
        var (type, media) = operation.Bodies[form % operation.Bodies.Count];
        request.Set("Content-Type", type);
        var example = World.Fill(media["example"], ids);
        if (type.EndsWith("json", StringComparison.Ordinal) && !type.Contains("ndjson", StringComparison.Ordinal)) request.Json = example;
        else request.Body = System.Text.Encoding.UTF8.GetBytes((string)example!);
        return request;
    }

    /// <summary>A value that the schema allows, for parameters without an example.</summary>
    private static JsonNode Invent(JsonObject schema)
    {
        if (schema["default"] is { } usual) return usual.DeepClone();
        if (schema["enum"] is JsonArray names) return names[0]!.DeepClone();
        if (schema["anyOf"] is JsonArray any) return Invent(any[0]!.AsObject());
        if ((string?)schema["format"] == "date-time") return "2099-01-01T00:00:00Z";
        return (string?)schema["type"] switch
        {
            "integer" or "number" => schema["minimum"]!.DeepClone(),
            "boolean" => true,
            "array" => new JsonArray(Invent(schema["items"]!.AsObject())),
            _ => "a",
        };
    }

    private static string Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String
        ? value.GetValue<string>()
        : value!.ToJsonString().ToString(CultureInfo.InvariantCulture);
}

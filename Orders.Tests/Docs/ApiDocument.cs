using System.Text.Json.Nodes;

namespace Orders.Tests.Docs;

/// <summary>An OpenAPI document as its readers see it.</summary>
internal sealed class ApiDocument(JsonObject json)
{
    public JsonObject Json => json;

    public IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. from path in json["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select new ApiOperation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject()),
    ];

    /// <summary>What is wrong with a value of a parameter, header or media type; empty when it is as its schema says.</summary>
    public List<string> Errors(JsonObject described, JsonNode? value) =>
        new SchemaValidator(json).Errors(described["schema"]!.AsObject(), value);

    /// <summary>The node itself, or what its <c>$ref</c> leads to.</summary>
    public JsonObject Resolve(JsonNode node) => SchemaValidator.Resolve(json, node.AsObject());

    /// <summary>The operation that a request belongs to; where two would do, the one with fewer placeholders.</summary>
    public ApiOperation? Find(string method, string path) => Operations
        .Where(operation => operation.Method == method && operation.Matches(path))
        .MinBy(operation => operation.Path.Count(letter => letter == '{'));
}

/// <summary>One method of one path.</summary>
internal sealed record ApiOperation(string Method, string Path, JsonObject Json)
{
    public string Id => (string?)Json["operationId"] ?? "";

    public IEnumerable<JsonObject> Parameters => (Json["parameters"]?.AsArray() ?? []).Select(parameter => parameter!.AsObject());

    public IEnumerable<KeyValuePair<string, JsonNode?>> Responses => Json["responses"]!.AsObject();

    /// <summary>The bodies that it takes, by their content types; the first is JSON where there is JSON.</summary>
    public IReadOnlyList<(string ContentType, JsonObject Media)> Bodies =>
    [
        .. from content in Json["requestBody"]?["content"]?.AsObject() ?? []
           orderby content.Key == "application/json" descending
           select (content.Key, content.Value!.AsObject()),
    ];

    public bool Matches(string path)
    {
        var wanted = Path.Split('/');
        var given = path.Split('/');
        return wanted.Length == given.Length
            && wanted.Zip(given).All(pair => pair.First == pair.Second || pair.First.StartsWith('{') && pair.Second.Length > 0);
    }

    public override string ToString() => $"{Method} {Path}";
}

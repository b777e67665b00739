using System.Globalization;
using System.Text.Json.Nodes;
using Orders.Tests.Docs;
using Orders.Tests.Tidy;

namespace Orders.Tests.Contracts;

/// <summary>The schemas of the repository, and those that were released: copies that are never edited.</summary>
internal static class SchemaFiles
{
    public static readonly string Current = Path.Combine(Sources.Root, "schemas");
    public static readonly string Released = Path.Combine(Sources.Root, "Orders.Tests", "Contracts", "Released");

    /// <summary><c>{name}/{version}</c> of every file.</summary>
    public static IReadOnlyList<string> Names(string folder) =>
    [
        .. Sources.FilesIn(folder, ".json").Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')[..^".json".Length])
            .Order(StringComparer.Ordinal),
    ];

    public static JsonObject Read(string folder, string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, name + ".json")))!.AsObject();

    /// <summary>The schema with everything that it refers to in its place, so that it stands alone.</summary>
    public static JsonObject Whole(string folder, string name) => Whole(folder, Read(folder, name));

    public static JsonObject Whole(string folder, JsonObject schema)
    {
        var whole = Inline(schema, schema, folder)!.AsObject();
        whole.Remove("$defs");
        return whole;
    }

    /// <summary>What is wrong with a value.</summary>
    public static List<string> Errors(JsonObject whole, JsonNode? value) => new SchemaValidator(whole).Errors(whole, value);

    private static JsonNode? Inline(JsonNode? node, JsonObject root, string folder)
    {
        switch (node)
        {
            case JsonObject members when (string?)members["$ref"] is { } reference:
                return reference.StartsWith('#')
                    ? Inline(SchemaValidator.Resolve(root, members), root, folder)
                    : Whole(folder, reference["/v1/schemas/".Length..]);
            case JsonObject members:
                return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Inline(member.Value, root, folder))));
            case JsonArray items:
                return new JsonArray([.. items.Select(item => Inline(item, root, folder))]);
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>The schema of an event or a command, by its type.</summary>
    public static JsonObject OfType(string type, int version = 1) =>
        Whole(Current, string.Create(CultureInfo.InvariantCulture, $"{type}/{version}"));
}

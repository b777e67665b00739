using Microsoft.OpenApi;

namespace Orders.Api.Docs;

/// <summary>
/// What a schema means depends on who writes it. Requests are read strictly, so their objects know no further members. Replies
/// leave out what has no value, so nothing in them is null.
/// </summary>
internal static class Directions
{
    private static readonly Dictionary<string, OpenApiMediaType> NoContent = [];
    private static readonly Dictionary<string, IOpenApiSchema> NoSchemas = [];

    public static void Apply(OpenApiDocument document)
    {
        var operations = document.Paths.Values.SelectMany(path => path.Operations ?? []).Select(operation => operation.Value).ToList();
        var requests = Reached(operations.SelectMany(operation => operation.RequestBody?.Content ?? NoContent));
        var replies = Reached(operations.SelectMany(operation => operation.Responses ?? [])
            .SelectMany(response => response.Value.Content ?? NoContent));

        foreach (var schema in requests.Where(schema => schema.Properties is { Count: > 0 })) schema.AdditionalPropertiesAllowed = false;
        foreach (var schema in replies.Except(requests))
        {
            foreach (var (name, property) in (schema.Properties ?? NoSchemas).ToList())
            {
                if (property.OneOf is [{ Type: JsonSchemaType.Null }, var value]) schema.Properties![name] = value;
            }

            if (schema.Type is { } type && type != JsonSchemaType.Null) schema.Type = type & ~JsonSchemaType.Null;
        }
    }

    private static HashSet<OpenApiSchema> Reached(IEnumerable<KeyValuePair<string, OpenApiMediaType>> media)
    {
        var reached = new HashSet<OpenApiSchema>(ReferenceEqualityComparer.Instance);
        var open = new Stack<IOpenApiSchema?>(media.Select(content => content.Value.Schema));
        while (open.TryPop(out var next))
        {
            var schema = next is OpenApiSchemaReference reference ? reference.RecursiveTarget : next as OpenApiSchema;
            if (schema is null || !reached.Add(schema)) continue;
            foreach (var property in schema.Properties ?? NoSchemas) open.Push(property.Value);
            foreach (var part in (schema.OneOf ?? []).Concat(schema.AnyOf ?? []).Concat(schema.AllOf ?? [])) open.Push(part);
            open.Push(schema.Items);
            open.Push(schema.AdditionalProperties);
        }

        return reached;
    }
}

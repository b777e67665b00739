using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Schemas;

/// <summary><c>GET /v1/schemas</c>: every schema there is.</summary>
internal static class ListSchemas
{
    public sealed record Reply(IReadOnlyList<SchemaEntry> Items);

    public static IResult Handle() => TypedResults.Ok(new Reply(SchemaCatalogue.All));
}

/// <summary><c>GET /v1/schemas/{name}/{version}</c>: one, as it stands in the repository.</summary>
internal static class GetSchema
{
    public const string ContentType = "application/schema+json";

    public static IResult Handle(string name, string version, HttpResponse response)
    {
        if (SchemaCatalogue.Find(name, version) is not { } bytes)
            return new OrderError.NotFound("schema", $"{name}/{version}").ToProblem();
        response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(bytes, ContentType);
    }
}

internal static class SchemaExtensions
{
    /// <summary>Contracts are public, as the documentation is: they need no key.</summary>
    public static void MapSchemas(this WebApplication app)
    {
        var schemas = app.MapGroup("/v1/schemas").WithTags("Schemas").AllowAnonymous()
            .Route("name", Values.Text(64), "The schema's name.", "order")
            .Route("version", Values.Text(10), "Its version.", "1");
        schemas.MapGet("", ListSchemas.Handle)
            .Describe("List the schemas", "JSON Schemas of the events, the inbound commands and the dead letters.")
            .Replies(200, "All of them.", new ListSchemas.Reply(
                [new SchemaEntry("order", 1, "data", "One order, whole, at one version.", OrderEvent.DataSchemaV1)]));
        schemas.MapGet("/{name}/{version}", GetSchema.Handle)
            .Describe("Read a schema", "JSON Schema 2020-12. An event's `dataschema` is the address of its data's.")
            .RepliesText(GetSchema.ContentType, "The schema.",
                """{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"/v1/schemas/order/1","title":"Order"}""")
            .Refuses(ProblemTypes.NotFound);
    }
}

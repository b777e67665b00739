using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Orders.Api.Access;
using Orders.Api.Http;

namespace Orders.Api.Docs;

/// <summary>The document's head, and the parts that all operations refer to.</summary>
internal sealed class DocumentDescription(IOptions<JsonOptions> json) : IOpenApiDocumentTransformer
{
    public const string Bearer = "bearer";
    public const string Problem = "Problem";

    /// <summary>Name and meaning of the headers that every reply to a known key has.</summary>
    public static readonly Dictionary<string, string> RateHeaders = new(StringComparer.Ordinal)
    {
        [AccessHeaders.RateLimitLimit] = "Requests that the key may make at once after a pause.",
        [AccessHeaders.RateLimitRemaining] = "Requests that it has left of them.",
        [AccessHeaders.RateLimitReset] = "Seconds until it has all of them again.",
    };

    private const string About = """
        Places orders, keeps their state, finds them.

        - JSON in snake_case; fields without a value are absent; unknown fields in requests are refused by name.
        - Amounts are numbers with two decimals, three where their currency has them (ISO 4217).
        - Instants are RFC 3339 in UTC with microseconds.
        - Lists come in pages: send `next_cursor` as `cursor` until it is absent.
        - What is refused is answered as `application/problem+json` (RFC 9457); every `type` is the address of a
          [page that explains it](/problems).
        - A 2xx to a write means that it is committed. A 503 means that certainly nothing was done.
        """;

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Orders", Version = "1", Description = About };
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this document came from" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = $"An API key as bearer token. Scopes: {string.Join(", ", Scopes.All.Select(scope => $"`{scope}`"))}.",
            },
        };
        document.Components.Examples = ProblemTypes.All.ToDictionary(type => type.Code, type => (IOpenApiExample)new OpenApiExample
        {
            Summary = type.Title,
            Value = JsonSerializer.SerializeToNode(ProblemExample.Of(type), json.Value.SerializerOptions),
        });
        document.Components.Headers = RateHeaders.ToDictionary(header => header.Key, header => (IOpenApiHeader)new OpenApiHeader
        {
            Schema = Values.Whole(0, AccessOptions.RateMax),
            Description = header.Value,
        });
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Problem] = ProblemSchema();
        Directions.Apply(document);
        return Task.CompletedTask;
    }

    private static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457 problem details.",
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Described(Values.Pattern("^/problems/[a-z_]+$"), "What it is: stable, and the address of a page that explains it."),
            ["title"] = Described(Values.Text(200), "The same words for every problem of this type."),
            ["status"] = Described(Values.Whole(400, 599), "The HTTP status."),
            ["detail"] = Described(Values.Text(10_000), "What it is this time."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Description = "The fields that it is about.",
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string>(StringComparer.Ordinal) { "field", "reason" },
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["field"] = Described(Values.Text(10_000), "Its path in the request, e.g. `items[0].quantity`."),
                        ["reason"] = Described(Values.Text(10_000), "What is wrong with it."),
                    },
                },
            },
            ["trace_id"] = Described(Values.Text(100), "W3C trace id, to be named when asking for help."),
        },
    };

    private static OpenApiSchema Described(OpenApiSchema schema, string description)
    {
        schema.Description = description;
        return schema;
    }
}

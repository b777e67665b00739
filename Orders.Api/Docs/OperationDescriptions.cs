using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Docs;

/// <summary>Writes into an operation what its endpoint says of itself (<see cref="EndpointDoc"/>) and what holds for all.</summary>
internal sealed class OperationDescriptions(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var doc = metadata.OfType<EndpointDoc>().FirstOrDefault() ?? new EndpointDoc();
        operation.OperationId = doc.OperationId ?? IdOf(metadata.OfType<MethodInfo>().FirstOrDefault());
        operation.Summary = doc.Summary;
        operation.Description = doc.Description;

        AddParameters(operation, doc);
        AddBodyExample(operation, doc);
        AddReplies(operation, doc);
        var access = Access.Of(metadata);
        AddSecurity(operation, context.Document!, access);
        AddRefusals(operation, context.Document!, doc, access);
        AddRateHeaders(operation, context.Document!, access);
        return Task.CompletedTask;
    }

    private static string? IdOf(MethodInfo? handler)
    {
        if (handler?.DeclaringType is not { } type || handler.Name != "Handle") return null;
        return char.ToLowerInvariant(type.Name[0]) + type.Name[1..];
    }

    private void AddParameters(OpenApiOperation operation, EndpointDoc doc)
    {
        operation.Parameters ??= [];
        foreach (var described in doc.Parameters)
        {
            var parameter = operation.Parameters.OfType<OpenApiParameter>()
                .FirstOrDefault(known => known.In == described.In && known.Name == described.Name);
            if (parameter is null)
            {
                // A group describes {id} for those of its endpoints that have one.
                if (described.In == ParameterLocation.Path) continue;
                parameter = new OpenApiParameter { Name = described.Name, In = described.In };
                operation.Parameters.Add(parameter);
            }

            parameter.Schema = described.Schema;
            parameter.Description = described.Description;
            parameter.Required = described.Required;
            parameter.Example = Node(described.Example);
        }
    }

    private void AddBodyExample(OpenApiOperation operation, EndpointDoc doc)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body) return;
        body.Required = doc.Body?.Required ?? true;
        foreach (var (type, media) in content)
        {
            if (type == doc.Lines?.ContentType) (media.Schema, media.Example) = (Values.Text(int.MaxValue), doc.Lines.Example);
            else media.Example = Node(doc.BodyExample);
        }
    }

    private void AddReplies(OpenApiOperation operation, EndpointDoc doc)
    {
        operation.Responses ??= [];
        // The framework invents a 200 where nothing was said.
        if (doc.Replies.All(reply => reply.Status != StatusCodes.Status200OK)) operation.Responses.Remove("200");
        foreach (var reply in doc.Replies)
        {
            if (operation.Responses[StatusText(reply.Status)] is not OpenApiResponse response) continue;
            response.Description ??= reply.Description;
            if (reply == doc.Replies.Find(first => first.Status == reply.Status)) response.Description = reply.Description;
            else if (reply.ContentType is { } another)
                response.Content![another] = new OpenApiMediaType { Schema = Values.Text(int.MaxValue) };
            var headers = reply.Status < 300 ? reply.Headers.Concat(doc.SuccessHeaders) : reply.Headers;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            foreach (var header in headers) response.Headers[header.Name] = Header(header);
            if (reply.ContentType is not null && response.Content?.TryGetValue(reply.ContentType, out var media) == true)
                media.Example = Node(reply.Example);
        }
    }

    private static void AddSecurity(OpenApiOperation operation, OpenApiDocument document, Access access)
    {
        var scope = access.Required.Scope;
        operation.Security = access.Open
            ? []
            : [new OpenApiSecurityRequirement
            {
                [new OpenApiSecuritySchemeReference(DocumentDescription.Bearer, document)] = scope is null ? [] : [scope],
            }];
        if (access.Open) operation.Description += "\n\nNeeds no key.";
        else if (scope is not null) operation.Description += $"\n\nScope: `{scope}`.";
    }

    private static void AddRefusals(OpenApiOperation operation, OpenApiDocument document, EndpointDoc doc, Access access)
    {
        var types = doc.Refusals.Concat(Common(operation, doc, access)).Distinct();
        foreach (var group in types.GroupBy(type => type.Status).OrderBy(group => group.Key))
        {
            var response = operation.Responses!.TryGetValue(StatusText(group.Key), out var known)
                ? (OpenApiResponse)known
                : new OpenApiResponse { Content = new Dictionary<string, OpenApiMediaType>() };
            operation.Responses[StatusText(group.Key)] = response;
            var texts = group.Select(type => $"- [`{type.Code}`]({type.Uri}): {type.Title}").Prepend(response.Description);
            response.Description = string.Join("\n", texts.OfType<string>());
            response.Headers ??= Headers(group.Key);
            response.Content!["application/problem+json"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference(DocumentDescription.Problem, document),
                Examples = group.ToDictionary(
                    type => type.Code, type => (IOpenApiExample)new OpenApiExampleReference(type.Code, document)),
            };
        }
    }

    private static IEnumerable<ProblemType> Common(OpenApiOperation operation, EndpointDoc doc, Access access)
    {
        // Also where there is nothing to get wrong: parameters that nobody knows are refused.
        yield return ProblemTypes.InvalidRequest;
        if (operation.RequestBody is not null)
        {
            yield return ProblemTypes.BadRequest;
            yield return ProblemTypes.RequestTooSlow;
            yield return ProblemTypes.BodyTooLarge;
            yield return ProblemTypes.WrongContentType;
            if (doc.Body?.Type is not null) yield return ProblemTypes.MalformedJson;
        }

        if (access.Limited) yield return ProblemTypes.TooManyRequests;
        if (access.Open) yield break;
        yield return ProblemTypes.Unauthorized;
        if (access.Required.Scope is not null) yield return ProblemTypes.MissingScope;
        if (access.Required.Unbound) yield return ProblemTypes.BoundKey;
        yield return ProblemTypes.InternalError;
        yield return ProblemTypes.DatabaseUnavailable;
        yield return ProblemTypes.TimedOut;
    }

    /// <summary>Where a key is asked for, every reply says how many requests it has left.</summary>
    private static void AddRateHeaders(OpenApiOperation operation, OpenApiDocument document, Access access)
    {
        if (access.Open) return;
        foreach (var (_, response) in operation.Responses!.Where(reply => reply.Key != "401"))
        {
            if (response is not OpenApiResponse { } reply) continue;
            reply.Headers ??= new Dictionary<string, IOpenApiHeader>();
            foreach (var name in DocumentDescription.RateHeaders.Keys) reply.Headers[name] = new OpenApiHeaderReference(name, document);
        }
    }

    private static Dictionary<string, IOpenApiHeader>? Headers(int status) => status is 429 or 503
        ? new() { ["Retry-After"] = new OpenApiHeader { Schema = Values.Whole(0, 86_400), Description = "Seconds to wait." } }
        : null;

    /// <summary>Who may call the operation.</summary>
    private sealed record Access(bool Open, bool Limited, RequiredScope Required)
    {
        public static Access Of(IList<object> metadata) => new(
            metadata.OfType<IAllowAnonymous>().Any(),
            !metadata.OfType<DisableRateLimitingAttribute>().Any(),
            metadata.OfType<RequiredScope>().LastOrDefault() ?? new RequiredScope(Scopes.Admin));
    }

    private OpenApiHeader Header(HeaderDoc header) =>
        new() { Schema = header.Schema, Description = header.Description, Example = Node(header.Example) };

    private static string StatusText(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private JsonNode? Node(object? example) =>
        example is null ? null : JsonSerializer.SerializeToNode(example, example.GetType(), json.Value.SerializerOptions);
}

/// <summary>A problem as callers see it.</summary>
internal sealed record ProblemExample(string Type, string Title, int Status, string Detail, IReadOnlyList<FieldError>? Errors)
{
    public static ProblemExample Of(ProblemType type) => new(
        type.Uri, type.Title, type.Status, type.ExampleDetail, type.ExampleField is { } field ? [field] : null);
}

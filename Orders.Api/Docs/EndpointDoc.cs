using Microsoft.OpenApi;
using Orders.Api.Http;

namespace Orders.Api.Docs;

/// <summary>
/// What the documentation says of one endpoint: metadata of the endpoint, written by <see cref="Describing"/> where the endpoint
/// is mapped, read by <see cref="OperationDescriptions"/>. What is common to all (authentication, limits, problems that any
/// request can meet) is added there and not said here.
/// </summary>
internal sealed class EndpointDoc
{
    public string? Summary { get; set; }

    public string? Description { get; set; }

    /// <summary>Null: from the handler's type, <c>PlaceOrder.Handle</c> is <c>placeOrder</c>.</summary>
    public string? OperationId { get; set; }

    public List<ParameterDoc> Parameters { get; } = [];

    public BodyDoc? Body { get; set; }

    public object? BodyExample { get; set; }

    /// <summary>A second form of the body: lines, each by itself what the body holds many of.</summary>
    public LinesDoc? Lines { get; set; }

    public List<ReplyDoc> Replies { get; } = [];

    /// <summary>Headers that every reply of success can have.</summary>
    public List<HeaderDoc> SuccessHeaders { get; } = [];

    public List<ProblemType> Refusals { get; } = [];

    /// <summary>The endpoint's own; made when it is first asked for.</summary>
    public static EndpointDoc Of(EndpointBuilder endpoint)
    {
        if (endpoint.Metadata.OfType<EndpointDoc>().FirstOrDefault() is { } doc) return doc;
        doc = new EndpointDoc();
        endpoint.Metadata.Add(doc);
        return doc;
    }
}

/// <param name="Schema">Type and bounds; the value arrives as text and is parsed by the handler.</param>
internal sealed record ParameterDoc(
    ParameterLocation In, string Name, OpenApiSchema Schema, string Description, object? Example = null, bool Required = false);

/// <param name="Type">What the body is read as; null when it is a stream whose lines are described in words.</param>
/// <param name="Also">Another content type that the same body may have.</param>
internal sealed record BodyDoc(Type? Type, string ContentType, bool Required = true, string? Also = null);

/// <param name="Example">Lines as they are sent.</param>
internal sealed record LinesDoc(string ContentType, string Example);

/// <param name="Type">Null: the reply has no body, or one that is no JSON.</param>
internal sealed record ReplyDoc(
    int Status, Type? Type, string? ContentType, string Description, object? Example, IReadOnlyList<HeaderDoc> Headers);

internal sealed record HeaderDoc(string Name, OpenApiSchema Schema, string Description, object? Example = null);

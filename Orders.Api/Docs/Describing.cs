using Microsoft.OpenApi;
using Orders.Api.Http;

namespace Orders.Api.Docs;

/// <summary>
/// How an endpoint describes itself, where it is mapped. All of it works on groups too, for what their endpoints share.
/// Examples are values of the real types, so that they change with them; ids in them come from <see cref="Examples"/>.
/// </summary>
internal static class Describing
{
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="summary">A few words, in the imperative.</param>
    /// <param name="description">What a caller must know beyond it. Markdown.</param>
    /// <param name="operationId">Only where the handler's type does not name it: <c>PlaceOrder.Handle</c> is <c>placeOrder</c>.</param>
    public static T Describe<T>(this T endpoint, string summary, string description, string? operationId = null)
        where T : IEndpointConventionBuilder => endpoint.Document(doc =>
        {
            doc.Summary = summary;
            doc.Description = description;
            doc.OperationId = operationId;
        });

    /// <summary>
    /// An example of the body. Its type and schema come from the handler's <see cref="JsonBody{T}"/>, or from the example when the
    /// handler reads the body by itself.
    /// </summary>
    public static T Takes<T>(this T endpoint, object example)
        where T : IEndpointConventionBuilder => endpoint.Document(doc =>
        {
            doc.Body ??= new BodyDoc(example.GetType(), "application/json");
            doc.BodyExample = example;
        });

    /// <summary>The body may also come as lines, e.g. <c>application/x-ndjson</c>.</summary>
    public static T TakesLines<T>(this T endpoint, string contentType, string example)
        where T : IEndpointConventionBuilder => endpoint.Document(doc => doc.Lines = new LinesDoc(contentType, example));

    /// <summary>A body that the handler reads by itself, e.g. <c>application/x-ndjson</c>; the example is text as it is sent.</summary>
    public static T TakesStream<T>(this T endpoint, string contentType, string example)
        where T : IEndpointConventionBuilder => endpoint.Document(doc =>
        {
            doc.Body = new BodyDoc(null, contentType);
            doc.BodyExample = example;
        });

    public static T Query<T>(this T endpoint, string name, OpenApiSchema schema, string description, object? example = null)
        where T : IEndpointConventionBuilder =>
        endpoint.Parameter(new ParameterDoc(ParameterLocation.Query, name, schema, description, example));

    /// <summary>A part of the path. Endpoints whose path lacks it ignore it, so a group can describe it for all.</summary>
    public static T Route<T>(this T endpoint, string name, OpenApiSchema schema, string description, object example)
        where T : IEndpointConventionBuilder =>
        endpoint.Parameter(new ParameterDoc(ParameterLocation.Path, name, schema, description, example, Required: true));

    public static T Header<T>(this T endpoint, string name, OpenApiSchema schema, string description, object? example = null,
        bool required = false)
        where T : IEndpointConventionBuilder =>
        endpoint.Parameter(new ParameterDoc(ParameterLocation.Header, name, schema, description, example, required));

    /// <summary><c>limit</c> and <c>cursor</c>, as <see cref="Paging"/> reads them.</summary>
    public static T Paged<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint
        .Query("limit", Values.Whole(1, ApiLimits.PageSizeMax, ApiLimits.PageSizeDefault), "Rows of one page.", 20)
        .Query("cursor", Values.Text(Paging.CursorCharactersMax),
            "Where the page begins: `next_cursor` of the page before. Opaque; it belongs to this list.");

    /// <summary><c>If-None-Match</c>, answered 304 when the caller has that version already.</summary>
    public static T Conditional<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint
        .Header("If-None-Match", Values.Text(32 << 10), "ETags that the caller has. When one is still right the answer is 304.", "\"v3\"")
        .Replies(StatusCodes.Status304NotModified, "The caller has this version already.", CommonHeaders.ETag);

    /// <summary>A JSON reply.</summary>
    public static T Replies<T>(this T endpoint, int status, string description, object example, params IReadOnlyList<HeaderDoc> headers)
        where T : IEndpointConventionBuilder =>
        endpoint.Reply(new ReplyDoc(status, example.GetType(), "application/json", description, example, headers));

    /// <summary>A reply without a body.</summary>
    public static T Replies<T>(this T endpoint, int status, string description, params IReadOnlyList<HeaderDoc> headers)
        where T : IEndpointConventionBuilder =>
        endpoint.Reply(new ReplyDoc(status, null, null, description, null, headers));

    /// <summary>A reply that is no JSON document: lines, events, a page. The example is text as it is sent.</summary>
    public static T RepliesText<T>(this T endpoint, string contentType, string description, string example,
        params IReadOnlyList<HeaderDoc> headers)
        where T : IEndpointConventionBuilder =>
        endpoint.Reply(new ReplyDoc(StatusCodes.Status200OK, typeof(string), contentType, description, example, headers));

    /// <summary>What the endpoint refuses, beyond what any request can meet (a wrong field, no key, too many requests).</summary>
    public static T Refuses<T>(this T endpoint, params IReadOnlyList<ProblemType> types)
        where T : IEndpointConventionBuilder => endpoint.Document(doc => doc.Refusals.AddRange(types.Except(doc.Refusals)));

    private static T Parameter<T>(this T endpoint, ParameterDoc parameter)
        where T : IEndpointConventionBuilder => endpoint.Document(doc =>
        {
            doc.Parameters.RemoveAll(known => known.In == parameter.In && known.Name == parameter.Name);
            doc.Parameters.Add(parameter);
        });

    private static T Reply<T>(this T endpoint, ReplyDoc reply)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            var replies = EndpointDoc.Of(builder).Replies;
            // Of several content types of one status the framework keeps the last one; the others are added to the finished document.
            var isAnother = replies.Exists(known => known.Status == reply.Status && known.ContentType is not null);
            replies.Add(reply);
            if (isAnother) return;
            builder.Metadata.Add(reply.ContentType is null
                ? new ProducesResponseTypeMetadata(reply.Status, typeof(void))
                : new ProducesResponseTypeMetadata(reply.Status, reply.Type, [reply.ContentType]));
        });
        return endpoint;
    }

    private static T Document<T>(this T endpoint, Action<EndpointDoc> write)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder => write(EndpointDoc.Of(builder)));
        return endpoint;
    }
}

/// <summary>Headers of replies that more than one endpoint has.</summary>
internal static class CommonHeaders
{
    public static HeaderDoc ETag => new("ETag", Values.Text(64), "The version, for If-None-Match and If-Match.", "\"v3\"");

    public static HeaderDoc Location =>
        new("Location", Values.Text(512), "The address of what was made.", "/v1/orders/" + Examples.OrderId);

    public static HeaderDoc Position => new(OrderPosition.Header, Values.Text(64),
        "What this write led to. A search that is given it waits until the index has it.", Examples.OrderId + ":3");
}

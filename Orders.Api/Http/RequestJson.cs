using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Http;

/// <summary>A request that cannot be understood at all. Caught by <see cref="ExceptionReplies"/> only.</summary>
internal sealed class BadRequestException(ProblemType type, FieldError error) : Exception(error.Reason)
{
    public IResult Problem => Problems.Of(type, $"{error.Field}: {error.Reason}", error);
}

/// <summary>
/// A JSON request body. Reading is strict: unknown, repeated and wrongly typed members are refused by name instead of
/// being ignored, since a misspelt field that is dropped in silence becomes a wrong order.
/// </summary>
internal sealed record JsonBody<T>(T Value) : IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo _)
    {
        if (!context.Request.HasText("application/json"))
        {
            throw new BadRequestException(
                ProblemTypes.WrongContentType, new FieldError("Content-Type", "must be application/json, in UTF-8 and not encoded"));
        }

        var bytes = await RequestBytes.ReadAsync(context);
        try
        {
            if (!RequestJson.IsText(bytes)) throw Malformed("$", "holds an escape that is half a character");
            var value = JsonSerializer.Deserialize<T>(bytes, RequestJson.Options);
            return value is not null ? new JsonBody<T>(value) : throw Malformed("$", "null is not a request");
        }
        catch (JsonException error)
        {
            throw Malformed(error.Path, RequestJson.Reason(error));
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        EndpointDoc.Of(builder).Body = new BodyDoc(typeof(T), "application/json");

    private static BadRequestException Malformed(string? path, string reason) =>
        new(ProblemTypes.MalformedJson, new FieldError(RequestJson.FieldName(path), reason));
}

/// <summary>The body as it came, for those who compare whole requests (idempotency keys).</summary>
internal sealed record RequestBytes(byte[] Value)
{
    /// <summary>Reads the body to its end; the server bounds its length.</summary>
    public static async ValueTask<byte[]> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 0, ApiLimits.BodyBytesMax));
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var bytes = buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray();
        if (bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        context.Features.Set(new RequestBytes(bytes));
        return bytes;
    }
}

internal static class RequestJson
{
    /// <summary>For requests: strict. Depth is bounded because no request of ours is deeper than a few levels.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = false,
        RespectRequiredConstructorParameters = false,
        MaxDepth = ApiLimits.JsonDepthMax,
        Converters = { new RequestInstantConverter() },
    };

    /// <summary>What is written beside HTTP looks as it would have there.</summary>
    public static readonly JsonSerializerOptions Replies = MakeReplies();

    /// <summary>
    /// False when an escaped surrogate stands alone. The serializer finds that in what it turns into text, but not in what it keeps as
    /// JSON for later.
    /// </summary>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0) return true;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ApiLimits.JsonDepthMax });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped) reader.GetString();
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return true;
    }

    /// <summary>For replies: snake_case, absent instead of null, instants as everywhere in Orders.</summary>
    public static void ConfigureReplies(JsonOptions options)
    {
        // Numbers are numbers, and the documentation says so.
        options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.SerializerOptions.Encoder = OrdersJson.Encoder;
        options.SerializerOptions.Converters.Add(new UtcConverter());
    }

    private static JsonSerializerOptions MakeReplies()
    {
        var options = new JsonOptions();
        ConfigureReplies(options);
        return options.SerializerOptions;
    }

    /// <summary><c>$.items[0].quantity</c> as people write it: <c>items[0].quantity</c>; the whole body is <c>body</c>.</summary>
    public static string FieldName(string? path) =>
        path is null or "" or "$" or "$." ? "body" : path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : path.TrimStart('$');

    /// <summary>What is wrong, without the serializer's type names, which mean nothing to a caller.</summary>
    public static string Reason(JsonException error) => error.Message switch
    {
        var text when text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal) => "is not a known field",
        var text when text.Contains("Duplicate property", StringComparison.OrdinalIgnoreCase) => "stands more than once",
        var text when text.Contains("could not be converted", StringComparison.Ordinal) => "has the wrong type or is out of range",
        var text when text.Contains("maximum configured depth", StringComparison.Ordinal) => "is nested too deeply",
        _ => $"is not valid JSON (line {(error.LineNumber ?? 0) + 1}, byte {(error.BytePositionInLine ?? 0) + 1})",
    };
}

/// <summary>As <see cref="JsonBody{T}"/>, for requests that may come without a body.</summary>
internal sealed record OptionalJsonBody<T>(T? Value) : IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<OptionalJsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        // No content type and no announced bytes: there is no body. A chunked body without a type is refused below.
        if (context.Request.ContentType is null && context.Request.ContentLength is null or 0
            && context.Request.Headers.TransferEncoding.Count == 0)
            return new OptionalJsonBody<T>((T?)null);
        return new OptionalJsonBody<T>((await JsonBody<T>.BindAsync(context, parameter))!.Value);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        EndpointDoc.Of(builder).Body = new BodyDoc(typeof(T), "application/json", Required: false);
}

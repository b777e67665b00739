using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Api.Http;
using Orders.Tests.Docs;

namespace Orders.Tests.Robustness;

/// <summary>What is wrong with a reply to a hostile request.</summary>
internal static class Verdict
{
    /// <summary>Null when it is as it should be.</summary>
    public static string? Of(ApiDocument document, HostileRequest request, RawReply reply)
    {
        // A body that is refused while it is on its way may take the connection with it.
        var mayBreakOff = request.BreaksProtocol || request.IsTruncated || request.Content?.Length > ApiLimits.BodyBytesMax;
        if (reply.Status == 0) return mayBreakOff ? null : "no reply";
        if (reply.Status == 414 && request.Target.Length > 8000) return null;
        // The server's own refusal of what is no HTTP.
        if (request.BreaksProtocol && reply.Body.Length == 0 && reply.Status is >= 400 and < 500 or 501 or 505) return null;
        if (reply.Status >= 500) return $"{reply.Status}";

        var isHead = request.Method == "HEAD";
        var method = isHead ? "GET" : request.Method.ToUpperInvariant();
        var operation = request.IsElsewhere ? document.Find(method, Normal(request.Path)) : request.Operation;
        if (reply.Status >= 400) return OfProblem(document, request, reply, operation);
        if (operation is null) return request.IsElsewhere && IsPage(Normal(request.Path)) ? null : $"{reply.Status} from nowhere";
        if (operation.Json["responses"]![$"{reply.Status}"] is not JsonObject described) return $"{reply.Status} is not documented";
        if (Validity.Errors(document, request, operation) is { Count: > 0 } errors)
            return $"{reply.Status}, but the request is not valid: {string.Join("; ", errors.Take(3))}";
        if (isHead) return reply.Body.Length == 0 ? null : $"a body in the reply to HEAD: {Short(reply)}";
        return OfContent(document, reply, described);
    }

    private static string? OfProblem(ApiDocument document, HostileRequest request, RawReply reply, ApiOperation? operation)
    {
        if (request.Method == "HEAD") return null;
        if (reply.MediaType != "application/problem+json") return $"{reply.Status} is no problem but {reply.MediaType}: {Short(reply)}";
        var problem = JsonNode.Parse(reply.Body)!.AsObject();
        var schema = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } };
        if (document.Errors(schema, problem) is { Count: > 0 } errors) return $"no problem: {errors[0]}: {Short(reply)}";
        var code = ((string)problem["type"]!)[ProblemTypes.Path.Length..];
        if (ProblemTypes.Find(code) is not { } type) return $"{code} is not in the catalogue";
        if (type.Status != reply.Status || (int)problem["status"]! != reply.Status) return $"{code} with status {reply.Status}";
        if (reply.Status == 400 && problem["errors"] is not JsonArray { Count: > 0 }) return $"{code} names no field: {Short(reply)}";
        if (operation is null || request.IsElsewhere || request.BreaksProtocol) return null;
        var described = operation.Json["responses"]![$"{reply.Status}"]?["content"]?["application/problem+json"]?["examples"]?.AsObject();
        return described?.ContainsKey(code) == true ? null : $"{reply.Status} {code} is not documented";
    }

    private static string? OfContent(ApiDocument document, RawReply reply, JsonObject described)
    {
        var content = described["content"]?.AsObject();
        if (content is null) return reply.Body.Length == 0 ? null : $"a body where none is documented: {Short(reply)}";
        if (content[reply.MediaType] is not JsonObject media) return $"{reply.MediaType} is not documented";
        if (reply.MediaType != "application/json") return null;
        try
        {
            var errors = document.Errors(media, JsonNode.Parse(reply.Body));
            return errors.Count > 0 ? $"the reply is not as documented: {errors[0]}" : null;
        }
        catch (JsonException error)
        {
            return $"the reply is no JSON: {error.Message}: {Short(reply)}";
        }
    }

    /// <summary>What is mapped and not in the document.</summary>
    private static bool IsPage(string path) => path is "/health" or "/alive" or "/openapi/v1.json"
        || path.StartsWith("/docs", StringComparison.Ordinal) || path.StartsWith("/order_docs", StringComparison.Ordinal);

    /// <summary>As the server resolves it, dots and all.</summary>
    private static string Normal(string path) =>
        (Uri.TryCreate("http://x" + path, UriKind.Absolute, out var uri) ? uri.AbsolutePath : path).TrimEnd('/');

    private static string Short(RawReply reply) => reply.Text[..Math.Min(300, reply.Text.Length)];
}

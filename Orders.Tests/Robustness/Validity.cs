using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Orders.Tests.Docs;

namespace Orders.Tests.Robustness;

/// <summary>Whether a request is one that the document allows: only such a request may be answered with success.</summary>
internal static partial class Validity
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What the document forbids in it; empty when it allows the request.</summary>
    public static List<string> Errors(ApiDocument document, HostileRequest request, ApiOperation operation)
    {
        var errors = new List<string>();
        CheckBody(document, request, operation, errors);
        CheckQuery(document, request, operation, errors);
        foreach (var parameter in operation.Parameters.Where(parameter => (string?)parameter["in"] == "header"))
        {
            var name = (string)parameter["name"]!;
            if (request.Header(name) is { } text)
            {
                // Blanks around a header's value are not part of it (RFC 9110, 5.5).
                var value = Read(parameter["schema"]!.AsObject(), text.Trim(' ', '\t'));
                errors.AddRange(document.Errors(parameter, value).Select(error => $"{name}: {error}"));
            }
            else if ((bool?)parameter["required"] == true) errors.Add($"{name}: is required");
        }

        return errors;
    }

    private static void CheckBody(ApiDocument document, HostileRequest request, ApiOperation operation, List<string> errors)
    {
        if (operation.Bodies.Count == 0) return;
        var content = request.Content ?? [];
        if (request.IsTruncated) errors.Add("body: ends too early");
        var type = MediaTypeHeaderValue.TryParse(request.Header("Content-Type"), out var parsed) ? parsed : null;
        if (content.Length == 0)
        {
            // A stream of no lines is one, too.
            if (type is not null && Allows(type, "application/x-ndjson")) return;
            if ((bool?)operation.Json["requestBody"]!["required"] == true) errors.Add("body: is required");
            return;
        }

        var (name, media) = operation.Bodies.FirstOrDefault(body => type is not null && Allows(type, body.ContentType));
        if (media is null) errors.Add($"Content-Type: {request.Header("Content-Type")}");
        if (request.Header("Content-Encoding") is { } encoding && encoding != "identity") errors.Add($"Content-Encoding: {encoding}");
        // The lines of a stream have no schema; each is answered for itself.
        if (name != "application/json") return;
        try
        {
            if (content.AsSpan().StartsWith(Encoding.UTF8.Preamble)) content = content[3..];
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 1000 };
            errors.AddRange(document.Errors(media!, JsonNode.Parse(Strict.GetString(content), documentOptions: options)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            errors.Add($"body: {error.Message}");
        }
    }

    private static bool Allows(MediaTypeHeaderValue given, string wanted) =>
        string.Equals(given.MediaType, wanted, StringComparison.OrdinalIgnoreCase)
        && given.CharSet?.Trim('"') is null or "utf-8" or "UTF-8";

    private static void CheckQuery(ApiDocument document, HostileRequest request, ApiOperation operation, List<string> errors)
    {
        var known = operation.Parameters.Where(parameter => (string?)parameter["in"] == "query")
            .ToDictionary(parameter => (string)parameter["name"]!, StringComparer.Ordinal);
        foreach (var sent in request.Query.GroupBy(pair => Decode(pair.Name), pair => Decode(pair.Value)))
        {
            if (sent.Key is not { } name || !known.TryGetValue(name, out var parameter))
            {
                errors.Add($"query: {sent.Key} is not known");
                continue;
            }

            var schema = parameter["schema"]!.AsObject();
            var isList = (string?)schema["type"] == "array";
            if (!isList && sent.Count() > 1) errors.Add($"{name}: stands more than once");
            var values = sent.Select(text => Read(isList ? schema["items"]!.AsObject() : schema, text)).ToArray();
            errors.AddRange(document.Errors(parameter, isList ? new JsonArray(values) : values[0]).Select(error => $"{name}: {error}"));
        }
    }

    /// <summary>The value as its schema wants it, or as text, which then is refused; null when it is no text.</summary>
    private static JsonNode? Read(JsonObject schema, string? text) => ((string?)schema["type"], text) switch
    {
        (_, null) => null,
        ("integer", _) when Digits().IsMatch(text) => decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : text,
        ("number", _) when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) => number,
        ("boolean", "true" or "false") => text == "true",
        _ => text,
    };

    /// <summary>Percent-decoded; null when the bytes are no UTF-8.</summary>
    private static string? Decode(string escaped)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] == '%' && i + 2 < escaped.Length
                && byte.TryParse(escaped.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var hex))
            {
                bytes.Add(hex);
                i += 2;
            }
            else
            {
                bytes.Add(escaped[i] == '+' ? (byte)' ' : (byte)escaped[i]);
            }
        }

        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    [GeneratedRegex("^-?[0-9]+$", RegexOptions.None, 1000)]
    private static partial Regex Digits();
}

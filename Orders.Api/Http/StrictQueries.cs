using System.Text;
using System.Text.Unicode;
using Microsoft.OpenApi;
using Orders.Api.Docs;

namespace Orders.Api.Http;

/// <summary>
/// Refuses query parameters that the endpoint does not document, single ones that stand more than once, control characters, and
/// escapes that are no UTF-8: a misspelt filter that is dropped in silence finds too much. Requests without a query pay one test for it.
/// </summary>
internal static class StrictQueries
{
    public static void UseStrictQueries(this WebApplication app) => app.Use((context, next) =>
    {
        if (!context.Request.QueryString.HasValue) return next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<EndpointDoc>() is not { } doc) return next(context);
        var check = Check(context.Request, doc);
        return check.Failed ? check.Problem.ExecuteAsync(context) : next(context);
    });

    private static Check Check(HttpRequest request, EndpointDoc doc)
    {
        var check = new Check();
        foreach (var (name, values) in request.Query)
        {
            if (Find(doc, name) is not { } parameter) check.Fail(Shown(name), "is not a parameter of this address");
            else if (values.Count > 1 && parameter.Schema.Type != JsonSchemaType.Array) check.Fail(name, "stands more than once");
            // Numbers are read by what forgives them a U+0000 at their end.
            else if (values.Any(value => value!.Any(char.IsControl))) check.Fail(name, "must not contain control characters");
        }

        if (!IsText(request.QueryString.Value!)) check.Fail("query", "must be percent-encoded UTF-8");
        return check;
    }

    private static ParameterDoc? Find(EndpointDoc doc, string name)
    {
        foreach (var parameter in doc.Parameters)
        {
            if (parameter.In == ParameterLocation.Query && parameter.Name == name) return parameter;
        }

        return null;
    }

    private static string Shown(string name) => name.Length switch
    {
        0 => "query",
        > 64 => name[..64],
        _ => name,
    };

    /// <summary>Escapes are two hexadecimal digits, and what they stand for is UTF-8.</summary>
    private static bool IsText(string query)
    {
        if (!query.Contains('%', StringComparison.Ordinal)) return true;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(query.Length)];
        var length = 0;
        for (var i = 0; i < query.Length; i++)
        {
            if (query[i] != '%')
            {
                bytes[length++] = query[i] <= '~' ? (byte)query[i] : (byte)'?';
            }
            else
            {
                if (i + 2 >= query.Length || !char.IsAsciiHexDigit(query[i + 1]) || !char.IsAsciiHexDigit(query[i + 2])) return false;
                bytes[length++] = Convert.ToByte(query.Substring(i + 1, 2), 16);
                i += 2;
            }
        }

        return Utf8.IsValid(bytes.AsSpan(0, length));
    }
}

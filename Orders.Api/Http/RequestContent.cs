using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

internal static class RequestContent
{
    /// <summary>
    /// Whether the body is text of this media type: in UTF-8, if a character set is named, and not encoded. What says that it is
    /// written in another way is not read as if it were not.
    /// </summary>
    public static bool HasText(this HttpRequest request, string mediaType) =>
        request.Headers.ContentType.Count == 1
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        && request.Headers.ContentEncoding is [] or ["identity"];
}

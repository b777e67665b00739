using System.Globalization;
using Microsoft.Net.Http.Headers;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features;

/// <summary>An order as a reply: bytes as they are, ETag = version, 304 when the caller has that version.</summary>
internal sealed class OrderReply(CachedOrder order, int status = StatusCodes.Status200OK, string? location = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"v{order.Version}\"");
        response.Headers.ETag = etag;
        response.Headers.CacheControl = "no-cache";
        if (location is not null) response.Headers.Location = location;
        if (status == StatusCodes.Status200OK && Has(httpContext.Request, etag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = order.Json.Length;
        return response.BodyWriter.WriteAsync(order.Json, httpContext.RequestAborted).AsTask();
    }

    private static bool Has(HttpRequest request, string etag)
    {
        var sent = request.Headers.IfNoneMatch;
        return sent.Count > 0
            && EntityTagHeaderValue.TryParseList(sent, out var tags)
            && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any)
                || tag.Compare(new EntityTagHeaderValue(etag), useStrongComparison: false));
    }
}

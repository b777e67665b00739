using System.Globalization;
using Orders.Api.Http;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features;

/// <summary>
/// An order as a reply: bytes as they are, ETag = version, 304 when the caller has that version. The reply to a write names the order, for
/// <c>Orders-Position</c>.
/// </summary>
internal sealed class OrderReply(
    CachedOrder order, int status = StatusCodes.Status200OK, string? location = null, string? written = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"v{order.Version}\"");
        if (written is not null) response.Headers[OrderPosition.Header] = new OrderPosition(written, order.Version).ToString();
        if (location is not null) response.Headers.Location = location;
        if (EntityTags.IsKnown(httpContext, etag)) return Task.CompletedTask;
        response.StatusCode = status;
        response.ContentType = EntityTags.Json;
        response.ContentLength = order.Json.Length;
        return response.BodyWriter.WriteAsync(order.Json, httpContext.RequestAborted).AsTask();
    }
}

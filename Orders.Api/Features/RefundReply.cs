using System.Text.Json;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features;

/// <summary>The refund that a request has added, as its address answers it.</summary>
internal sealed class RefundReply(RefundState refund, OrderPosition written, string location, int status) : IResult
{
    private const string Ledger = "/refunds/";

    /// <summary>Whether that is the address of a refund.</summary>
    public static bool IsAt(string? location) => location?.Contains(Ledger, StringComparison.Ordinal) ?? false;

    /// <param name="order">The order with the refund.</param>
    /// <param name="location">The refund's address.</param>
    /// <param name="orderId">The order's id.</param>
    /// <param name="status">The reply's status.</param>
    public static RefundReply Of(CachedOrder order, string location, string orderId, int status)
    {
        var id = location[(location.LastIndexOf('/') + 1)..];
        var refund = OrderBytes.Read(order.Json.Span).Refunds!.First(refund => refund.Id == id);
        return new RefundReply(refund, new OrderPosition(orderId, order.Version), location, status);
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(refund, RequestJson.Replies);
        httpContext.Response.StatusCode = status;
        httpContext.Response.Headers.Location = location;
        httpContext.Response.Headers[OrderPosition.Header] = written.ToString();
        httpContext.Response.ContentType = EntityTags.Json;
        httpContext.Response.ContentLength = json.Length;
        return httpContext.Response.BodyWriter.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }
}

using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features;

/// <summary><c>GET /v1/orders/{id}</c>: one order, through the cache, with ETag and 304.</summary>
internal static class GetOrder
{
    public const string RouteName = "get-order";

    public static async Task<IResult> Handle(string id, OrderReader reader, CancellationToken cancel)
    {
        // What is no id cannot be an order's; it never reaches cache or database.
        if (!OrderIds.IsId(id)) return NotFound(id);
        return await reader.GetAsync(id, cancel) is { } order ? new OrderReply(order) : NotFound(id);
    }

    public static IResult NotFound(string id) => new OrderError.NotFound("order", id).ToProblem();
}

using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Inbound;
using Orders.ServiceDefaults.Caching;

namespace Orders.Api.Features.Placing;

/// <summary>
/// <c>POST /v1/orders</c>: places an order. A 201 means that the order, its history, its event, its stock and its idempotency key
/// are committed. With <c>Prefer: respond-async</c> the request is kept and done a moment later: see <see cref="AcceptOrder"/>.
/// </summary>
internal static class PlaceOrder
{
    public static async Task<IResult> Handle(
        JsonBody<OrderRequest> body, Caller caller, IdempotentRequest key, OrderPlacer placer, AcceptOrder later, HttpRequest http,
        CancellationToken cancel)
    {
        if (AcceptOrder.IsWanted(http)) return await later.HandleAsync(body.Value, caller, key, cancel);

        var outcome = await placer.PlaceAsync(body.Value, caller, key, cancel);
        return outcome switch
        {
            { Placed: { } placed } => new OrderReply(
                new CachedOrder(1, placed.Json), StatusCodes.Status201Created, PlacedOrder.LocationOf(placed.Id), placed.Id),
            { Earlier: { } earlier } => earlier.To(key),
            _ => outcome.Error!.ToProblem(),
        };
    }
}

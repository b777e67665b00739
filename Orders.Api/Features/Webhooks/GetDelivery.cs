using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary><c>GET /v1/webhooks/{id}/deliveries/{delivery id}</c>: one delivery, its tries with what was answered, and the event.</summary>
internal static class GetDelivery
{
    public static async Task<IResult> Handle(
        string id, string deliveryId, Caller caller, OrdersDbContext db, CancellationToken cancel)
    {
        if (await db.FindWebhookAsync(id, caller, cancel) is null) return WebhookReplies.NotFound(id);
        return await DeliveryRow.FindAsync(db, id, deliveryId, cancel) is { } delivery
            ? TypedResults.Ok(delivery)
            : WebhookReplies.DeliveryNotFound(deliveryId);
    }
}

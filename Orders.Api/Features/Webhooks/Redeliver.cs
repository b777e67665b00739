using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>POST /v1/webhooks/{id}/deliveries/{delivery id}/redeliver</c>: sends an event once more, whatever has become of it, under the
/// same id and with all tries anew. 202: it is queued. One that is being sent at this moment is left to it.
/// </summary>
internal static class Redeliver
{
    public static async Task<IResult> Handle(
        string id, string deliveryId, Caller caller, OrdersDbContext db, IOptions<WebhookLimits> limits, CancellationToken cancel)
    {
        if (await db.FindWebhookAsync(id, caller, cancel) is not { } webhook) return WebhookReplies.NotFound(id);
        if (await DeliveryRow.FindAsync(db, id, deliveryId, cancel) is null) return WebhookReplies.DeliveryNotFound(deliveryId);
        if (!webhook.Active) return WebhookReplies.Disabled(webhook);

        await db.Database.ExecuteSqlAsync(
            $"""
            update webhook_deliveries
            set status = 'pending', round_start = attempts, due_at = now(), claimed_at = null, delivered_at = null,
                expires_at = greatest(expires_at, now() + {limits.Value.KeptFor})
            where event_id = {deliveryId} and subscription_id = {id} and (claimed_at is null or due_at <= now())
            """, cancel);
        return await DeliveryRow.FindAsync(db, id, deliveryId, cancel) is { } delivery
            ? TypedResults.Accepted($"/v1/webhooks/{id}/deliveries/{Uri.EscapeDataString(deliveryId)}", delivery)
            : WebhookReplies.DeliveryNotFound(deliveryId);
    }
}

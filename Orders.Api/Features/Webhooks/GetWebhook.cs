using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary><c>GET /v1/webhooks/{id}</c>: one subscription and how it fares.</summary>
internal static class GetWebhook
{
    public static async Task<IResult> Handle(
        string id, Caller caller, OrdersDbContext db, TimeProvider time, CancellationToken cancel) =>
        await db.FindWebhookAsync(id, caller, cancel) is { } webhook
            ? TypedResults.Ok(WebhookState.Of(webhook, time.GetUtcNow()))
            : WebhookReplies.NotFound(id);

    /// <summary>The subscription, tracked; null when there is none that the caller may know of.</summary>
    public static async Task<WebhookSubscription?> FindWebhookAsync(
        this OrdersDbContext db, string id, Caller caller, CancellationToken cancel) =>
        WebhookSubscription.IsId(id) ? await db.Webhooks.VisibleTo(caller).SingleOrDefaultAsync(w => w.Id == id, cancel) : null;
}

using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>DELETE /v1/webhooks/{id}</c>: ends a subscription. Its secret is gone at once, its deliveries little by little; a request
/// that is under way ends.
/// </summary>
internal static class DeleteWebhook
{
    public static async Task<IResult> Handle(
        string id, Caller caller, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        if (!WebhookSubscription.IsId(id)) return WebhookReplies.NotFound(id);
        var now = time.GetUtcNow();
        var deleted = await db.Webhooks.VisibleTo(caller).Where(w => w.Id == id).ExecuteUpdateAsync(
            change => change
                .SetProperty(w => w.DeletedAt, now)
                .SetProperty(w => w.UpdatedAt, now)
                .SetProperty(w => w.Secret, "")
                .SetProperty(w => w.PreviousSecret, (string?)null),
            cancel);
        if (deleted == 0) return WebhookReplies.NotFound(id);
        await db.ForgetSecretAsync(id, cancel);
        return TypedResults.NoContent();
    }
}

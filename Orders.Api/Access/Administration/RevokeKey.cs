using Microsoft.EntityFrameworkCore;
using Orders.Api.Features.Webhooks;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary>
/// <c>DELETE /v1/keys/{id}</c>: revokes the key for ever. At once on this process; the others believe a key for
/// <see cref="AccessOptions.KeyCacheTimeToLive"/> at most. Its webhooks are disabled with it, because any holder of the key may have made
/// them; another key may enable them. Revoking again changes nothing.
/// </summary>
internal static class RevokeKey
{
    public static async Task<IResult> Handle(
        string id, Caller caller, OrdersDbContext db, KeyRing keys, KeyLog log, TimeProvider time, CancellationToken cancel)
    {
        if (id.Contains('\0') || await db.Keys.SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } key) return KeyReplies.NotFound(id);
        if (key.RevokedAt is not null) return TypedResults.NoContent();
        if (KeyReplies.Unchangeable(key) is { } refusal) return refusal;

        var now = time.GetUtcNow();
        await db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            await db.Keys.Where(k => k.Id == id).ExecuteUpdateAsync(change => change.SetProperty(k => k.RevokedAt, now), token);
            await db.Webhooks.Where(webhook => webhook.OwnerKey == id && webhook.Active && webhook.DeletedAt == null).ExecuteUpdateAsync(
                change => change
                    .SetProperty(webhook => webhook.Active, false)
                    .SetProperty(webhook => webhook.DisabledReason, WebhookSubscription.KeyRevoked)
                    .SetProperty(webhook => webhook.DisabledAt, now)
                    .SetProperty(webhook => webhook.UpdatedAt, now),
                token);
            await transaction.CommitAsync(token);
        }, cancel);
        keys.Forget(id);
        log.Revoked(id, caller.KeyId);
        return TypedResults.NoContent();
    }
}

using Microsoft.EntityFrameworkCore;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary>
/// <c>DELETE /v1/keys/{id}</c>: revokes the key for ever. At once on this process; the others believe a key for
/// <see cref="AccessOptions.KeyCacheTimeToLive"/> at most. Revoking again changes nothing.
/// </summary>
internal static class RevokeKey
{
    public static async Task<IResult> Handle(
        string id, Caller caller, OrdersDbContext db, KeyRing keys, KeyLog log, TimeProvider time, CancellationToken cancel)
    {
        if (id.Contains('\0') || await db.Keys.SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } key) return KeyReplies.NotFound(id);
        if (key.RevokedAt is not null) return TypedResults.NoContent();
        if (KeyReplies.Unchangeable(key) is { } refusal) return refusal;

        key.RevokedAt = time.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        keys.Forget(id);
        log.Revoked(id, caller.KeyId);
        return TypedResults.NoContent();
    }
}

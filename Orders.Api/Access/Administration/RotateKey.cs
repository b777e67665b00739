using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary>
/// <c>POST /v1/keys/{id}/rotate</c>: a new secret for the key, seen in this reply alone. The one before stays valid for
/// <c>grace_seconds</c>, so that its holders can change over; older ones end at once.
/// </summary>
internal static class RotateKey
{
    /// <summary>A week.</summary>
    public const int GraceSecondsMax = 7 * 24 * 3600;

    public sealed record Body([Range(0, GraceSecondsMax)] int? GraceSeconds);

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Body> body, Caller caller, OrdersDbContext db, KeyRing keys, KeyLog log, TimeProvider time,
        HttpResponse response, CancellationToken cancel)
    {
        var grace = body.Value?.GraceSeconds ?? 0;
        var check = new Check();
        check.Range("grace_seconds", (int?)grace, 0, GraceSecondsMax);
        if (check.Failed) return check.Problem;
        if (id.Contains('\0') || await db.Keys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } key)
            return KeyReplies.NotFound(id);
        if (KeyReplies.Unchangeable(key) is { } refusal) return refusal;

        var secret = KeyToken.NewSecret();
        if (!await ReplaceAsync(db, key, KeyToken.Hash(secret), grace, time.GetUtcNow(), cancel))
            return Problems.Of(ProblemTypes.Contended,
                $"key '{id}' was changed at the same moment; its secret is not the one that this request would have made");
        keys.Forget(id);
        log.Rotated(id, caller.KeyId);
        KeyReplies.Unstored(response);
        return TypedResults.Ok(KeyState.Of(key, KeyToken.Of(id, secret)));
    }

    /// <summary>Of two that rotate a key at once, one wins: the other must not hand out a secret that is not the key's.</summary>
    private static async Task<bool> ReplaceAsync(
        OrdersDbContext db, AccessKey key, byte[] hash, int grace, DateTimeOffset now, CancellationToken cancel)
    {
        var previous = grace == 0 ? null : key.SecretHash;
        DateTimeOffset? until = grace == 0 ? null : now.AddSeconds(grace);
        return await db.Keys
            .Where(k => k.Id == key.Id && k.SecretHash == key.SecretHash && k.RevokedAt == null)
            .ExecuteUpdateAsync(change => change
                .SetProperty(k => k.SecretHash, hash)
                .SetProperty(k => k.PreviousHash, previous)
                .SetProperty(k => k.PreviousUntil, until), cancel) == 1;
    }
}

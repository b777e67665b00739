using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary>
/// <c>PATCH /v1/keys/{id}</c>: name, limits and expiry. What is absent stays; a limit or expiry of null goes back to none.
/// Scopes and binding are what a key is: for others create another key.
/// </summary>
internal static class ChangeKey
{
    public sealed record Body(
        [StringLength(KeyChecks.NameLengthMax, MinimumLength = 1)] string? Name,
        [ReadAs(typeof(int?)), Range(1, AccessOptions.RateMax)] JsonElement RequestsPerSecond,
        [ReadAs(typeof(int?)), Range(1, AccessOptions.RateMax)] JsonElement Burst,
        [ReadAs(typeof(DateTimeOffset?))] JsonElement ExpiresAt);

    public static async Task<IResult> Handle(
        string id, JsonBody<Body> body, Caller caller, OrdersDbContext db, KeyRing keys, KeyLog log, TimeProvider time,
        CancellationToken cancel)
    {
        if (id.Contains('\0') || await db.Keys.SingleOrDefaultAsync(k => k.Id == id, cancel) is not { } key) return KeyReplies.NotFound(id);
        if (KeyReplies.Unchangeable(key) is { } refusal) return refusal;
        var check = new Check();
        Apply(body.Value, key, check, time);
        if (check.Failed) return check.Problem;

        await db.SaveChangesAsync(cancel);
        keys.Forget(id);
        log.Changed(id, caller.KeyId);
        return TypedResults.Ok(KeyState.Of(key));
    }

    private static void Apply(Body body, AccessKey key, Check check, TimeProvider time)
    {
        if (body.Name is not null)
        {
            KeyChecks.Name(check, body.Name);
            key.Name = body.Name;
        }

        key.RequestsPerSecond = Number("requests_per_second", body.RequestsPerSecond, key.RequestsPerSecond, check);
        key.Burst = Number("burst", body.Burst, key.Burst, check);
        if (body.ExpiresAt.ValueKind == JsonValueKind.Undefined) return;
        key.ExpiresAt = Instant("expires_at", body.ExpiresAt, check);
        KeyChecks.Expiry(check, key.ExpiresAt, time);
    }

    private static int? Number(string field, JsonElement value, int? present, Check check)
    {
        if (value.ValueKind == JsonValueKind.Undefined) return present;
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            check.Fail(field, "must be a whole number or null");
            return null;
        }

        KeyChecks.Rate(check, field, number);
        return number;
    }

    private static DateTimeOffset? Instant(string field, JsonElement value, Check check)
    {
        if (value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String && Instants.TryParse(value.GetString(), out var instant)) return instant;
        check.Fail(field, "must be an instant such as 2026-11-21T08:00:00Z or null");
        return null;
    }
}

using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary>
/// <c>POST /v1/keys</c>: makes a key; the reply is the only time its token is seen. There is no <c>Idempotency-Key</c> here: to
/// repeat the reply, the secret would have to be kept. Of a request whose reply was lost the key is in the list, to be revoked.
/// </summary>
internal static class CreateKey
{
    public sealed record Body(
        [Required, StringLength(KeyChecks.NameLengthMax)] string? Name,
        [Required, Length(1, 4), AllowedValues(Access.Scopes.OrdersRead, Access.Scopes.OrdersWrite, Access.Scopes.CatalogWrite,
            Access.Scopes.Admin)] List<string?>? Scopes,
        [StringLength(64, MinimumLength = 1), RegularExpression("^[^\"'\\\\]+$")] string? CustomerId,
        [Range(1, AccessOptions.RateMax)] int? RequestsPerSecond, [Range(1, AccessOptions.RateMax)] int? Burst, DateTimeOffset? ExpiresAt);

    public static async Task<IResult> Handle(
        JsonBody<Body> body, Caller caller, OrdersDbContext db, KeyRing keys, KeyLog log, TimeProvider time, HttpResponse response,
        CancellationToken cancel)
    {
        var wanted = body.Value;
        var check = new Check();
        KeyChecks.Name(check, wanted.Name);
        if (wanted.CustomerId is not null) KeyChecks.Customer(check, wanted.CustomerId);
        KeyChecks.Granted(check, wanted.Scopes, wanted.CustomerId);
        KeyChecks.Rate(check, "requests_per_second", wanted.RequestsPerSecond);
        KeyChecks.Rate(check, "burst", wanted.Burst);
        KeyChecks.Expiry(check, wanted.ExpiresAt, time);
        if (check.Failed) return check.Problem;
        if (wanted.CustomerId is { } customer && !await db.Customers.AnyAsync(c => c.ClientId == customer, cancel))
            return new OrderError.Unusable("customer_id", $"there is no customer '{customer}'").ToProblem();

        var secret = KeyToken.NewSecret();
        var key = Key(wanted, KeyToken.NewId(), secret, time.GetUtcNow());
        db.Keys.Add(key);
        await db.SaveChangesAsync(cancel);
        keys.Forget(key.Id);
        log.Created(key.Id, caller.KeyId);
        KeyReplies.Unstored(response);
        return TypedResults.Created($"/v1/keys/{key.Id}", KeyState.Of(key, KeyToken.Of(key.Id, secret)));
    }

    private static AccessKey Key(Body wanted, string id, string secret, DateTimeOffset now) => new()
    {
        Id = id,
        Name = wanted.Name!,
        SecretHash = KeyToken.Hash(secret),
        Scopes = [.. wanted.Scopes!.Select(scope => scope!).Distinct(StringComparer.Ordinal)],
        CustomerId = wanted.CustomerId,
        RequestsPerSecond = wanted.RequestsPerSecond,
        Burst = wanted.Burst,
        CreatedAt = now,
        ExpiresAt = wanted.ExpiresAt?.ToUniversalTime(),
    };
}

using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>POST /v1/webhooks</c>: subscribes an address to events from now on. The reply is the only time the secret is seen. A bound
/// key's subscription hears of its customer's orders alone.
/// </summary>
internal static class CreateWebhook
{
    /// <summary>How far the clocks of the servers may be apart without an event being missed.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(5);

    public sealed record Body(string? Url, List<string?>? EventTypes, string? Description, string? Secret);

    public static async Task<IResult> Handle(
        JsonBody<Body> body, Caller caller, OrdersDbContext db, IOptions<WebhookTargets> targets, IOptions<WebhookLimits> limits,
        TimeProvider time, HttpResponse response, CancellationToken cancel)
    {
        var wanted = body.Value;
        var check = new Check();
        WebhookChecks.Url(check, wanted.Url, targets.Value, limits.Value);
        WebhookChecks.Types(check, wanted.EventTypes);
        WebhookChecks.Description(check, wanted.Description);
        WebhookChecks.Secret(check, wanted.Secret);
        if (check.Failed) return check.Problem;

        var webhook = Webhook(wanted, caller, time.GetUtcNow());
        if (!await StoreAsync(db, webhook, limits.Value.SubscriptionsMax, cancel))
            return WebhookReplies.TooMany(limits.Value.SubscriptionsMax);
        WebhookReplies.Unstored(response);
        return TypedResults.Created($"/v1/webhooks/{webhook.Id}", WebhookState.Of(webhook, webhook.CreatedAt, webhook.Secret));
    }

    private static WebhookSubscription Webhook(Body wanted, Caller caller, DateTimeOffset now) => new()
    {
        Id = WebhookSubscription.NewId(now),
        OwnerKey = caller.KeyId,
        CustomerId = caller.CustomerId,
        Url = wanted.Url!,
        EventTypes = WebhookChecks.Distinct(wanted.EventTypes!),
        Description = string.IsNullOrEmpty(wanted.Description) ? null : wanted.Description,
        Secret = wanted.Secret ?? WebhookSecret.Generate(),
        EventsFrom = now - ClockSkew,
        Active = true,
        CreatedAt = now,
        UpdatedAt = now,
    };

    /// <summary>False when there are as many as may be. Those who count at the same time take turns.</summary>
    private static Task<bool> StoreAsync(OrdersDbContext db, WebhookSubscription webhook, int max, CancellationToken cancel) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            var owner = string.Create(CultureInfo.InvariantCulture, $"webhooks of {webhook.CustomerId ?? webhook.OwnerKey}");
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({owner}, 0))", token);
            // An earlier try may have committed although its connection broke.
            if (await db.Webhooks.AnyAsync(w => w.Id == webhook.Id, token)) return true;
            var own = webhook.CustomerId is { } customer
                ? db.Webhooks.Where(w => w.CustomerId == customer)
                : db.Webhooks.Where(w => w.CustomerId == null && w.OwnerKey == webhook.OwnerKey);
            if (await own.CountAsync(w => w.DeletedAt == null, token) >= max) return false;
            db.Webhooks.Add(webhook);
            await db.SaveChangesAsync(token);
            await transaction.CommitAsync(token);
            return true;
        }, cancel);
}

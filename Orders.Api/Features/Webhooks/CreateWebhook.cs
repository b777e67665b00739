using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Idempotency;
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
        JsonBody<Body> body, Caller caller, IdempotentRequest key, OrdersDbContext db, IOptions<WebhookTargets> targets,
        IOptions<WebhookLimits> limits, IOptions<JsonOptions> json, TimeProvider time, HttpResponse response, CancellationToken cancel)
    {
        var wanted = body.Value;
        var check = new Check();
        WebhookChecks.Url(check, wanted.Url, targets.Value, limits.Value);
        WebhookChecks.Types(check, wanted.EventTypes, caller.CustomerId);
        WebhookChecks.Description(check, wanted.Description);
        WebhookChecks.Secret(check, wanted.Secret);
        if (check.Failed) return check.Problem;

        var webhook = Webhook(wanted, caller, time.GetUtcNow());
        var reply = new Reply(webhook, json.Value.SerializerOptions);
        WebhookReplies.Unstored(response);
        return await StoreAsync(db, webhook, limits.Value.SubscriptionsMax, key, reply, cancel) ?? reply;
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

    /// <summary>
    /// Null when it is stored; otherwise the reply instead: there are as many as may be, or the request came before. Requests of
    /// one owner take turns, so neither can be missed.
    /// </summary>
    private static Task<IResult?> StoreAsync(
        OrdersDbContext db, WebhookSubscription webhook, int max, IdempotentRequest key, Reply reply, CancellationToken cancel) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(async token =>
        {
            db.ChangeTracker.Clear();
            await using var transaction = await db.Database.BeginTransactionAsync(token);
            var owner = $"webhooks of {webhook.CustomerId ?? webhook.OwnerKey}";
            await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({owner}, 0))", token);
            // An earlier try may have committed although its connection broke.
            if (await db.Webhooks.AnyAsync(w => w.Id == webhook.Id, token)) return null;
            if (await EarlierReply.FindAsync(db, key, token) is { } earlier) return earlier;
            var own = webhook.CustomerId is { } customer
                ? db.Webhooks.Where(w => w.CustomerId == customer)
                : db.Webhooks.Where(w => w.CustomerId == null && w.OwnerKey == webhook.OwnerKey);
            if (await own.CountAsync(w => w.DeletedAt == null, token) >= max) return WebhookReplies.TooMany(max);
            db.Webhooks.Add(webhook);
            if (key.HasKey) db.IdempotencyKeys.Add(key.Remember(StatusCodes.Status201Created, reply.Location, reply.Body));
            await db.SaveChangesAsync(token);
            await transaction.CommitAsync(token);
            return null;
        }, cancel);

    /// <summary>201 with the secret; the text is the one that a repeated request is answered with.</summary>
    private sealed class Reply(WebhookSubscription webhook, JsonSerializerOptions json) : IResult
    {
        public string Location { get; } = $"/v1/webhooks/{webhook.Id}";

        public string Body { get; } = JsonSerializer.Serialize(WebhookState.Of(webhook, webhook.CreatedAt, webhook.Secret), json);

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.Location = Location;
            return Results.Text(Body, "application/json", Encoding.UTF8, StatusCodes.Status201Created).ExecuteAsync(httpContext);
        }
    }
}

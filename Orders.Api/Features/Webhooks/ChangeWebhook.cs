using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>PATCH /v1/webhooks/{id}</c>: address, event types, description (empty removes it), active. What is absent stays. A
/// subscription that is enabled again goes on with everything that it has missed, at once.
/// </summary>
internal static class ChangeWebhook
{
    public sealed record Body(string? Url, List<string?>? EventTypes, string? Description, bool? Active);

    public static async Task<IResult> Handle(
        string id, JsonBody<Body> body, Caller caller, OrdersDbContext db, IOptions<WebhookTargets> targets,
        IOptions<WebhookLimits> limits, TimeProvider time, CancellationToken cancel)
    {
        var wanted = body.Value;
        var check = new Check();
        if (wanted.Url is not null) WebhookChecks.Url(check, wanted.Url, targets.Value, limits.Value);
        if (wanted.EventTypes is not null) WebhookChecks.Types(check, wanted.EventTypes);
        WebhookChecks.Description(check, wanted.Description);
        if (check.Failed) return check.Problem;
        if (await db.FindWebhookAsync(id, caller, cancel) is not { } webhook) return WebhookReplies.NotFound(id);

        var now = time.GetUtcNow();
        if (wanted.Url is not null) webhook.Url = wanted.Url;
        if (wanted.EventTypes is not null) webhook.EventTypes = WebhookChecks.Distinct(wanted.EventTypes);
        if (wanted.Description is not null) webhook.Description = wanted.Description.Length == 0 ? null : wanted.Description;
        var resumes = wanted.Active is { } active && Switch(webhook, active, now);
        webhook.UpdatedAt = now;
        await db.SaveChangesAsync(cancel);
        if (resumes) await ResumeAsync(db, id, cancel);
        return TypedResults.Ok(WebhookState.Of(webhook, now));
    }

    /// <summary>True when the subscription was disabled and is not any more.</summary>
    private static bool Switch(WebhookSubscription webhook, bool active, DateTimeOffset now)
    {
        if (active == webhook.Active) return false;
        webhook.Active = active;
        webhook.DisabledReason = active ? null : WebhookSubscription.Requested;
        webhook.DisabledAt = active ? null : now;
        if (!active) return false;
        // Its past does not count against it.
        webhook.ConsecutiveFailures = 0;
        webhook.FailingSince = null;
        webhook.HeldUntil = null;
        return true;
    }

    /// <summary>What waits for a later try is tried now. Without it nothing is lost either, only later.</summary>
    private static Task ResumeAsync(OrdersDbContext db, string id, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update webhook_deliveries set due_at = now()
            where subscription_id = {id} and status = 'pending' and due_at > now() and claimed_at is null
            """, cancel);
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>PATCH /v1/webhooks/{id}</c>: address, event types, description (empty removes it), active. What is absent stays. A
/// subscription that is enabled (or was enabled already and is told so), or has another address, goes on with everything that it
/// has missed, at once.
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
        if (wanted.EventTypes is not null) WebhookChecks.Types(check, wanted.EventTypes, caller.CustomerId);
        WebhookChecks.Description(check, wanted.Description);
        if (check.Failed) return check.Problem;
        if (await db.FindWebhookAsync(id, caller, cancel) is not { } webhook) return WebhookReplies.NotFound(id);

        var now = time.GetUtcNow();
        var moves = wanted.Url is not null && wanted.Url != webhook.Url;
        if (wanted.Url is not null) webhook.Url = wanted.Url;
        if (wanted.EventTypes is not null) webhook.EventTypes = WebhookChecks.Distinct(wanted.EventTypes);
        if (wanted.Description is not null) webhook.Description = wanted.Description.Length == 0 ? null : wanted.Description;
        if (wanted.Active is { } active && active != webhook.Active) Switch(webhook, active, now);
        var resumes = webhook.Active && (moves || wanted.Active is true);
        if (resumes) Forgive(webhook);
        webhook.UpdatedAt = now;
        await db.SaveChangesAsync(cancel);
        if (resumes) await ResumeAsync(db, id, cancel);
        return TypedResults.Ok(WebhookState.Of(webhook, now));
    }

    private static void Switch(WebhookSubscription webhook, bool active, DateTimeOffset now)
    {
        webhook.Active = active;
        webhook.DisabledReason = active ? null : WebhookSubscription.Requested;
        webhook.DisabledAt = active ? null : now;
    }

    /// <summary>Failures of the past, or of another address, do not count against it.</summary>
    private static void Forgive(WebhookSubscription webhook)
    {
        webhook.ConsecutiveFailures = 0;
        webhook.FailingSince = null;
        webhook.HeldUntil = null;
    }

    /// <summary>What waits for a later try is tried now. Without it nothing is lost either, only later.</summary>
    private static Task ResumeAsync(OrdersDbContext db, string id, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update webhook_deliveries set due_at = now()
            where subscription_id = {id} and status = 'pending' and due_at > now() and claimed_at is null
            """, cancel);
}

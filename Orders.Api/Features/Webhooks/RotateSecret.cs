using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>POST /v1/webhooks/{id}/rotate-secret</c>: a new secret, made here or given. Until <c>previous_secret_until</c> requests are
/// signed with both, so that a receiver can change over without refusing any.
/// </summary>
internal static class RotateSecret
{
    public sealed record Body(string? Secret, int? GraceSeconds);

    public static async Task<IResult> Handle(
        string id, OptionalJsonBody<Body> body, Caller caller, OrdersDbContext db, IOptions<WebhookLimits> limits, TimeProvider time,
        HttpResponse response, CancellationToken cancel)
    {
        var check = new Check();
        WebhookChecks.Secret(check, body.Value?.Secret);
        if (body.Value?.GraceSeconds is { } seconds) check.Range<int>("grace_seconds", seconds, 0, 30 * 24 * 3600);
        if (check.Failed) return check.Problem;
        if (await db.FindWebhookAsync(id, caller, cancel) is not { } webhook) return WebhookReplies.NotFound(id);

        var now = time.GetUtcNow();
        var grace = body.Value?.GraceSeconds is { } asked ? TimeSpan.FromSeconds(asked) : limits.Value.RotationGrace;
        webhook.PreviousSecret = grace > TimeSpan.Zero ? webhook.Secret : null;
        webhook.PreviousSecretUntil = grace > TimeSpan.Zero ? now + grace : null;
        webhook.Secret = body.Value?.Secret ?? WebhookSecret.Generate();
        webhook.UpdatedAt = now;
        await db.SaveChangesAsync(cancel);
        await db.ForgetSecretAsync(id, cancel);
        WebhookReplies.Unstored(response);
        return TypedResults.Ok(WebhookState.Of(webhook, now, webhook.Secret));
    }
}

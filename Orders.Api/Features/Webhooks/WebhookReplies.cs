using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// A subscription on the wire. <paramref name="OwnerKey"/> is the id of the key that made it; <paramref name="Secret"/> stands only in the
/// replies that make one.
/// </summary>
internal sealed record WebhookState(
    string Id, string Url, IReadOnlyList<string> EventTypes, string? Description, string OwnerKey, string? CustomerId, string? Secret,
    DateTimeOffset? PreviousSecretUntil, bool Active, string? DisabledReason, DateTimeOffset? DisabledAt, int ConsecutiveFailures,
    DateTimeOffset? FailingSince, DateTimeOffset? LastSuccessAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static WebhookState Of(WebhookSubscription s, DateTimeOffset now, string? secret = null) => new(
        s.Id, s.Url, s.EventTypes, s.Description, s.OwnerKey, s.CustomerId, secret,
        s.PreviousSecretUntil > now ? s.PreviousSecretUntil : null,
        s.Active, s.DisabledReason, s.DisabledAt, s.ConsecutiveFailures, s.FailingSince, s.LastSuccessAt, s.CreatedAt, s.UpdatedAt);
}

internal static class WebhookReplies
{
    public static IResult NotFound(string id) => new OrderError.NotFound("webhook", id).ToProblem();

    public static IResult DeliveryNotFound(string id) => new OrderError.NotFound("delivery", id).ToProblem();

    public static IResult TooMany(int max) =>
        Problems.Of(ProblemTypes.TooManyWebhooks, $"there are {max} already, and no more are allowed: delete one first");

    public static IResult Disabled(WebhookSubscription webhook) => Problems.Of(ProblemTypes.WebhookDisabled,
        $"nothing is sent to webhook '{webhook.Id}' ({webhook.DisabledReason}): set active to true first");

    /// <summary>A reply with a secret is for the one who asked, and for no cache on the way.</summary>
    public static void Unstored(HttpResponse response) => response.Headers.CacheControl = "no-store";
}

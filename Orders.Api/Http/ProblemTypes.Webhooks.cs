namespace Orders.Api.Http;

/// <summary>What a subscription can be refused for beyond its fields.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType TooManyWebhooks = new(409, "too_many_webhooks", "Too many webhooks",
        "The key, or the customer that it is bound to, has as many webhooks as it may have. Nothing was created.",
        "Delete one first, or give one several event types.",
        "there are 50 already, and no more are allowed: delete one first");

    public static readonly ProblemType WebhookDisabled = new(409, "webhook_disabled", "The webhook is disabled",
        "Nothing is sent to the webhook now: somebody has switched it off, its receiver has failed for too long, or it has said that "
            + "it is gone. Nothing was queued.",
        "Mend the receiver, then set `active` to true: everything that it has missed is sent.",
        "nothing is sent to webhook 'whk-019363a9-5555-7000-8000-000000000001' (failing): set active to true first");
}

using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Api.Features.Webhooks;

internal static class Webhooks
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhookTargets>().BindConfiguration(WebhookTargets.Section);
        builder.Services.AddOptions<WebhookLimits>()
            .BindConfiguration(WebhookLimits.Section).ValidateDataAnnotations().ValidateOnStart();
    }

    public static void MapWebhooks(this WebApplication app)
    {
        // Who may read a customer's orders may be told of them. To be told of everybody's is for admins.
        var webhooks = app.MapGroup("/v1/webhooks").WithTags("Webhooks").RequireScope(Scopes.Admin, bound: Scopes.OrdersRead)
            .Route("id", Values.Text(64), "The webhook's id.", WebhookExamples.Id)
            .Route("deliveryId", Values.Text(200), "The delivery's id, which is the event's: `webhook-id`.", WebhookExamples.EventId);
        webhooks.MapPost("", CreateWebhook.Handle)
            .Describe("Subscribe to events", "From now on each event of these types is sent to `url`, signed with the secret, which only "
                + "this reply shows. A key that is bound to a customer hears of that customer's orders; for everybody's the scope "
                + "`admin` is needed.")
            .Takes(new CreateWebhook.Body(WebhookExamples.Url, ["orders.paid", "orders.cancelled"], "the warehouse", null))
            .Replies(201, "The webhook, with its secret.", WebhookExamples.Webhook with { Secret = WebhookExamples.Secret },
                CommonHeaders.Location)
            .Refuses(ProblemTypes.TooManyWebhooks);
        webhooks.MapGet("", ListWebhooks.Handle)
            .Describe("List webhooks", "Oldest first, page by page.")
            .Paged()
            .Replies(200, "One page.", new Page<WebhookState>([WebhookExamples.Webhook], Examples.Cursor));
        webhooks.MapGet("/{id}", GetWebhook.Handle)
            .Describe("Read a webhook", "And how it fares.")
            .Replies(200, "The webhook.", WebhookExamples.Webhook)
            .Refuses(ProblemTypes.NotFound);
        webhooks.MapPatch("/{id}", ChangeWebhook.Handle)
            .Describe("Change a webhook", "What is absent stays. `active: true` goes on with everything that was missed.")
            .Takes(new ChangeWebhook.Body(null, ["*"], null, true))
            .Replies(200, "The webhook as it is now.", WebhookExamples.Webhook with { EventTypes = ["*"] })
            .Refuses(ProblemTypes.NotFound);
        webhooks.MapDelete("/{id}", DeleteWebhook.Handle)
            .Describe("Delete a webhook", "With its secret and its log.")
            .Replies(204, "It is deleted.")
            .Refuses(ProblemTypes.NotFound);
        webhooks.MapPost("/{id}/rotate-secret", RotateSecret.Handle)
            .Describe("Give a webhook a new secret", "Seen in this reply alone. For `grace_seconds` (a day unless said otherwise) requests "
                + "have two signatures, one with each secret.")
            .Takes(new RotateSecret.Body(null, 3600))
            .Replies(200, "The webhook, with its new secret.", WebhookExamples.Webhook with { Secret = WebhookExamples.Secret })
            .Refuses(ProblemTypes.NotFound);
        webhooks.MapPost("/{id}/test", TestWebhook.Handle)
            .Describe("Send a test", "An event of type `orders.test`, sent and logged as any other.")
            .Replies(202, "It is queued.", WebhookExamples.Test, CommonHeaders.Location)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.WebhookDisabled);
        webhooks.MapPost("/{id}/replay", ReplayWebhook.Handle)
            .Describe("Send again what was recorded since", "Under the same ids. Recorded is, for a week, what any webhook wanted.")
            .Takes(new ReplayWebhook.Body(Examples.At))
            .Replies(202, "How many are queued; with `next_after` there is more.", new ReplayWebhook.Reply(42, null),
                CommonHeaders.Location)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.WebhookDisabled);
        MapDeliveries(webhooks);
    }

    private static void MapDeliveries(RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("/{id}/deliveries", ListDeliveries.Handle)
            .Describe("List deliveries", "Newest first, page by page, each with its tries.")
            .Query("status", Values.OneOf(ListDeliveries.Statuses), "Only those with this status.", "failed")
            .Paged()
            .Replies(200, "One page.", new Page<DeliveryState>([WebhookExamples.Delivery], Examples.Cursor))
            .Refuses(ProblemTypes.NotFound);
        webhooks.MapGet("/{id}/deliveries/{deliveryId}", GetDelivery.Handle)
            .Describe("Read a delivery", "Its tries with what was answered, and the event as it is sent.")
            .Replies(200, "The delivery.", WebhookExamples.Delivery)
            .Refuses(ProblemTypes.NotFound);
        webhooks.MapPost("/{id}/deliveries/{deliveryId}/redeliver", Redeliver.Handle)
            .Describe("Send an event once more", "Whatever has become of it; under the same id.")
            .Replies(202, "It is queued.", WebhookExamples.Delivery with { Status = "pending" }, CommonHeaders.Location)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.WebhookDisabled);
    }
}

using Orders.Api.Docs;
using Orders.Contracts;

namespace Orders.Api.Features.Webhooks;

/// <summary>Examples for the documentation.</summary>
internal static class WebhookExamples
{
    public const string Id = "whk-019363a9-5555-7000-8000-000000000001";
    public const string EventId = Examples.OrderId + ".3";
    public const string Url = "https://warehouse.example.com/hooks/orders";
    public const string Secret = "whsec_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=";

    public static readonly WebhookState Webhook = new(
        Id, Url, ["orders.paid", "orders.cancelled"], "the warehouse", Examples.KeyId, null, null, null, Active: true, null, null,
        ConsecutiveFailures: 0, null, Examples.At.AddHours(1), Examples.At, Examples.At);

    public static readonly DeliveryState Delivery = new(
        EventId, OrderEventTypes.Paid, Examples.OrderId, "delivered", AttemptsTotal: 2, Examples.At, null, Examples.At.AddSeconds(6),
        Examples.At.AddDays(7),
        [
            new AttemptState(Examples.At, 503, 12, null, "try again later"),
            new AttemptState(Examples.At.AddSeconds(5), 204, 31, null, null),
        ],
        null);

    public static readonly DeliveryState Test = Delivery with
    {
        Id = "test-019363a9-6666-7000-8000-000000000001", EventType = TestWebhook.EventType, OrderId = null, Status = "pending",
        AttemptsTotal = 0, NextAttemptAt = Examples.At, DeliveredAt = null, Attempts = [],
    };
}

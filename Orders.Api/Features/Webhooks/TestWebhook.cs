using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>POST /v1/webhooks/{id}/test</c>: sends an event of type <c>orders.test</c>, whatever the subscription is for, the same way as
/// any other: signed, repeated, logged. 202: it is queued.
/// </summary>
internal static class TestWebhook
{
    public const string EventType = "orders.test";

    public static async Task<IResult> Handle(
        string id, Caller caller, OrdersDbContext db, IOptions<WebhookLimits> limits, TimeProvider time, CancellationToken cancel)
    {
        if (await db.FindWebhookAsync(id, caller, cancel) is not { } webhook) return WebhookReplies.NotFound(id);
        if (!webhook.Active) return WebhookReplies.Disabled(webhook);

        var now = time.GetUtcNow();
        var eventId = "test-" + Guid.CreateVersion7(now);
        var payload = Payload(id, eventId, now);
        await db.Database.ExecuteSqlAsync(
            $"""
            with event as (
                insert into webhook_events (event_id, type, customer_id, payload, at)
                values ({eventId}, {EventType}, {webhook.CustomerId}, {payload}, {now}) on conflict do nothing)
            insert into webhook_deliveries (event_id, subscription_id, due_at, recorded_at, expires_at)
            values ({eventId}, {id}, now(), now(), now() + {limits.Value.KeptFor}) on conflict do nothing
            """, cancel);
        var delivery = await DeliveryRow.FindAsync(db, id, eventId, cancel);
        return TypedResults.Accepted($"/v1/webhooks/{id}/deliveries/{eventId}", delivery);
    }

    /// <summary>A CloudEvent like the others, about the subscription itself.</summary>
    private static string Payload(string id, string eventId, DateTimeOffset now) => new JsonObject
    {
        ["specversion"] = "1.0",
        ["id"] = eventId,
        ["source"] = OrderEvent.SourceName,
        ["type"] = EventType,
        ["subject"] = id,
        ["time"] = JsonSerializer.SerializeToNode(now, OrdersJson.Options()),
        ["datacontenttype"] = "application/json",
        ["data"] = new JsonObject { ["webhook_id"] = id, ["message"] = "This is a test." },
    }.ToJsonString(OrdersJson.Options());
}

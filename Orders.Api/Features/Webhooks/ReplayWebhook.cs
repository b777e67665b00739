using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// <c>POST /v1/webhooks/{id}/replay</c>: sends again every recorded event that was recorded after an instant and that the
/// subscription is for, under the same ids. Recorded is, for the time of retention, what some subscription wanted; for more, and
/// for ever, there is the feed of changes. 202 with how many were queued, and where to go on if that was not all.
/// </summary>
internal static class ReplayWebhook
{
    public sealed record Body(DateTimeOffset? After);

    public sealed record Reply(int Queued, DateTimeOffset? NextAfter);

    public static async Task<IResult> Handle(
        string id, JsonBody<Body> body, Caller caller, OrdersDbContext db, IOptions<WebhookLimits> limits, CancellationToken cancel)
    {
        var check = new Check();
        if (body.Value.After is null) check.Fail("after", "is required");
        if (check.Failed) return check.Problem;
        if (await db.FindWebhookAsync(id, caller, cancel) is not { } webhook) return WebhookReplies.NotFound(id);
        if (!webhook.Active) return WebhookReplies.Disabled(webhook);

        var reply = await QueueAsync(db, webhook, body.Value.After!.Value.ToUniversalTime(), limits.Value, cancel);
        return TypedResults.Accepted($"/v1/webhooks/{id}/deliveries", reply);
    }

    /// <summary>
    /// Events of one instant stay together, so that going on after it misses none. What is being sent at this moment is left to it.
    /// </summary>
    private static async Task<Reply> QueueAsync(
        OrdersDbContext db, WebhookSubscription webhook, DateTimeOffset after, WebhookLimits limits, CancellationToken cancel)
    {
        var all = webhook.EventTypes is [WebhookSubscription.AllEvents];
        var counts = await db.Database.SqlQuery<Counted>(
            $"""
            with chosen as (
                select event_id, recorded_at, at from webhook_events
                where recorded_at > {after} and type <> {TestWebhook.EventType} and ({all} or type = any({webhook.EventTypes}))
                  and ({webhook.CustomerId}::text is null or customer_id = {webhook.CustomerId})
                order by recorded_at fetch first {limits.ReplayMax} rows with ties
            ), placed as (
                select *, row_number() over (order by recorded_at, at, event_id) as place from chosen order by event_id
            ), queued as (
                insert into webhook_deliveries as d (event_id, subscription_id, due_at, recorded_at, expires_at)
                select event_id, {webhook.Id}, now() + place * interval '1 microsecond', recorded_at, now() + {limits.KeptFor}
                from placed
                on conflict (event_id, subscription_id) do update
                set status = 'pending', round_start = d.attempts, due_at = excluded.due_at, claimed_at = null, delivered_at = null,
                    expires_at = greatest(d.expires_at, excluded.expires_at)
                where d.claimed_at is null or d.due_at <= now()
                returning 1
            )
            select (select count(*)::int from queued) as "Queued", (select count(*)::int from chosen) as "Chosen",
                (select max(recorded_at) from chosen) as "LastAt"
            """).ToListAsync(cancel);
        var counted = counts.Single();
        return new Reply(counted.Queued, counted.Chosen >= limits.ReplayMax ? counted.LastAt : null);
    }

    private sealed record Counted(int Queued, int Chosen, DateTimeOffset? LastAt);
}

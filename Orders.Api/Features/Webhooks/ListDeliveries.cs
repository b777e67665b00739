using Microsoft.EntityFrameworkCore;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary><c>GET /v1/webhooks/{id}/deliveries</c>: the log of a subscription, newest first, page by page.</summary>
internal static class ListDeliveries
{
    public static readonly string[] Statuses = ["pending", "delivered", "failed"];

    public static async Task<IResult> Handle(
        string id, Caller caller, OrdersDbContext db, string? status, string? limit, string? cursor, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var before = Paging.Place(cursor, check);
        if (status is not null) check.OneOf("status", status, Statuses);
        if (check.Failed) return check.Problem;
        if (await db.FindWebhookAsync(id, caller, cancel) is null) return WebhookReplies.NotFound(id);

        var (at, last) = (before?.At, before?.Id);
        var rows = await db.Database.SqlQuery<DeliveryRow>(
            $"""
            select d.event_id as "Id", e.type as "EventType", e.order_id as "OrderId", d.status as "Status",
                d.attempts as "AttemptsTotal", d.recorded_at as "RecordedAt",
                case when d.status = 'pending' and d.claimed_at is null then d.due_at end as "NextAttemptAt",
                d.delivered_at as "DeliveredAt", d.expires_at as "ExpiresAt",
                (select coalesce(json_agg(entry - 'response'), '[]')::text from jsonb_array_elements(d.log) entry) as "Log",
                null::text as "Payload"
            from webhook_deliveries d left join webhook_events e on e.event_id = d.event_id
            where d.subscription_id = {id} and ({status}::text is null or d.status = {status})
              and ({at}::timestamptz is null or (d.recorded_at, d.event_id) < ({at}, {last}))
            order by d.recorded_at desc, d.event_id desc limit {size + 1}
            """).ToListAsync(cancel);
        var page = rows.ToPage(size, row => Paging.Cursor(row.RecordedAt, row.Id));
        return TypedResults.Ok(new Page<DeliveryState>([.. page.Items.Select(row => row.ToState())], page.NextCursor));
    }
}

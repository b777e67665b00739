using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Webhooks;

/// <summary>
/// A delivery on the wire: one event and one subscription, so the event's id names it. <paramref name="Attempts"/> are the last
/// tries, oldest first; <paramref name="AttemptsTotal"/> counts all. <paramref name="Event"/> is what is sent, shown with one
/// delivery alone.
/// </summary>
internal sealed record DeliveryState(
    string Id, string? EventType, string? OrderId, string Status, int AttemptsTotal, DateTimeOffset RecordedAt,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? DeliveredAt, DateTimeOffset ExpiresAt, IReadOnlyList<AttemptState> Attempts,
    JsonElement? Event);

/// <summary>One try. Without a status code there was no reply, and <paramref name="Error"/> says why.</summary>
/// <param name="At">When it began.</param>
/// <param name="StatusCode">Of the reply.</param>
/// <param name="LatencyMs">Milliseconds until the reply, or until it was given up.</param>
/// <param name="Error">A code such as <c>timeout</c>.</param>
/// <param name="Response">The beginning of the reply's body, shown with one delivery alone.</param>
internal sealed record AttemptState(DateTimeOffset At, int? StatusCode, long? LatencyMs, string? Error, string? Response);

/// <summary>A delivery as the queries read it; the JSON columns as text.</summary>
internal sealed record DeliveryRow(
    string Id, string? EventType, string? OrderId, string Status, int AttemptsTotal, DateTimeOffset RecordedAt,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? DeliveredAt, DateTimeOffset ExpiresAt, string Log, string? Payload)
{
    private static readonly JsonSerializerOptions LogJson = LogOptions();

    /// <summary>One delivery with everything; null when there is none.</summary>
    public static async Task<DeliveryState?> FindAsync(OrdersDbContext db, string webhookId, string id, CancellationToken cancel)
    {
        if (id.Contains('\0')) return null;
        var rows = await db.Database.SqlQuery<DeliveryRow>(
            $"""
            select d.event_id as "Id", e.type as "EventType", e.order_id as "OrderId", d.status as "Status",
                d.attempts as "AttemptsTotal", d.recorded_at as "RecordedAt",
                case when d.status = 'pending' and d.claimed_at is null then d.due_at end as "NextAttemptAt",
                d.delivered_at as "DeliveredAt", d.expires_at as "ExpiresAt", d.log::text as "Log", e.payload as "Payload"
            from webhook_deliveries d left join webhook_events e on e.event_id = d.event_id
            where d.event_id = {id} and d.subscription_id = {webhookId}
            """).ToListAsync(cancel);
        return rows is [var row] ? row.ToState() : null;
    }

    public DeliveryState ToState() => new(
        Id, EventType, OrderId, Status, AttemptsTotal, RecordedAt, NextAttemptAt, DeliveredAt, ExpiresAt,
        JsonSerializer.Deserialize<List<AttemptState>>(Log, LogJson)!,
        Payload is null ? null : JsonElement.Parse(Payload));

    private static JsonSerializerOptions LogOptions()
    {
        var options = new Microsoft.AspNetCore.Http.Json.JsonOptions();
        RequestJson.ConfigureReplies(options);
        return options.SerializerOptions;
    }
}

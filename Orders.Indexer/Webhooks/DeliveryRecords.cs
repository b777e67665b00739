using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Writes what the stream brings: who wants which event. One statement asks for a whole batch, and one writes it, or a few where
/// very many subscriptions want very many events.
/// </summary>
internal sealed class DeliveryRecords(NpgsqlDataSource database, IOptions<WebhookOptions> options)
{
    /// <summary>
    /// A subscription is asked for as it stands now: one that existed before an order was placed cannot be missed, because the
    /// order's event came later.
    /// </summary>
    private const string Match = """
        with taken as (
            select * from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as t(type, customer_id, at, ordinal)
        )
        select t.ordinal::int - 1, s.id from taken t
        join webhook_subscriptions s on s.customer_id is null
        where s.deleted_at is null and t.at >= s.events_from and s.event_types && array[t.type, '*']
        union all
        select t.ordinal::int - 1, s.id from taken t
        join webhook_subscriptions s on s.customer_id = t.customer_id
        where s.deleted_at is null and t.at >= s.events_from and s.event_types && array[t.type, '*']
        """;

    /// <summary>
    /// Repeats change nothing. An event that is there is touched only if housekeeping might be about to remove it. A delivery
    /// is due in the order of the stream, a microsecond after the one before it.
    /// </summary>
    private const string Insert = """
        with event as (
            insert into webhook_events (event_id, type, order_id, customer_id, traceparent, payload, at)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
            on conflict (event_id) do update set recorded_at = excluded.recorded_at
            where webhook_events.recorded_at < excluded.recorded_at - interval '1 hour'
        )
        insert into webhook_deliveries (event_id, subscription_id, due_at, recorded_at, expires_at)
        select event_id, subscription_id, now() + place * interval '1 microsecond', now() + place * interval '1 microsecond', now() + $11
        from unnest($8::text[], $9::text[], $10::int[]) as d(event_id, subscription_id, place)
        on conflict (event_id, subscription_id) do nothing
        """;

    /// <summary>For each event the subscriptions that want it: (index into <paramref name="events"/>, subscription id).</summary>
    public async Task<List<(int Index, string SubscriptionId)>> MatchAsync(IReadOnlyList<StreamEvent> events, CancellationToken cancel)
    {
        // Where nobody subscribes to anything, an order's trace would show this and nothing else.
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand(Match);
        command.Parameters.Add(new() { Value = Column(events, taken => taken.Event.Type) });
        command.Parameters.Add(new() { Value = Column(events, taken => taken.Event.Data.Customer.Id) });
        command.Parameters.Add(new() { Value = Column(events, taken => taken.Event.Time.ToUniversalTime()) });
        var matches = new List<(int, string)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) matches.Add((rows.GetInt32(0), rows.GetString(1)));
        return matches;
    }

    /// <summary>Returns when events and deliveries are durable, those that were there before included.</summary>
    /// <param name="events">Events that somebody wants.</param>
    /// <param name="deliveries">(Index into <paramref name="events"/>, subscription id), in the order in which to try them.</param>
    /// <param name="cancel">Stops the work; it is repeated by the next owner of the partition.</param>
    public async Task RecordAsync(
        IReadOnlyList<StreamEvent> events, IReadOnlyList<(int Index, string SubscriptionId)> deliveries, CancellationToken cancel)
    {
        foreach (var part in deliveries.Chunk(options.Value.RecordedRowsMax))
        {
            var rows = part.Select((delivery, place) => (events[delivery.Index].Event.Id, delivery.SubscriptionId, Place: place));
            await InsertAsync(part.Select(delivery => events[delivery.Index]), rows, cancel);
        }
    }

    private async Task InsertAsync(
        IEnumerable<StreamEvent> events, IEnumerable<(string Id, string SubscriptionId, int Place)> deliveries, CancellationToken cancel)
    {
        // Sorted: two processes that record the same events (after a rebalance) must not wait for each other in a circle.
        // And each id once: the statement would be refused, again and again, if somebody had given two events the same one.
        var sorted = events.DistinctBy(taken => taken.Event.Id).OrderBy(taken => taken.Event.Id, StringComparer.Ordinal).ToList();
        var rows = deliveries.OrderBy(row => row.Id, StringComparer.Ordinal)
            .ThenBy(row => row.SubscriptionId, StringComparer.Ordinal).ToList();
        await using var command = database.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = Column(sorted, taken => taken.Event.Id) });
        command.Parameters.Add(new() { Value = Column(sorted, taken => taken.Event.Type) });
        command.Parameters.Add(new() { Value = Column(sorted, taken => taken.OrderId) });
        command.Parameters.Add(new() { Value = Column(sorted, taken => taken.Event.Data.Customer.Id) });
        command.Parameters.Add(new() { Value = Column(sorted, taken => taken.Event.TraceParent) });
        command.Parameters.Add(new() { Value = Column(sorted, taken => System.Text.Encoding.UTF8.GetString(taken.Raw.Value!)) });
        command.Parameters.Add(new() { Value = Column(sorted, taken => taken.Event.Time.ToUniversalTime()) });
        command.Parameters.Add(new() { Value = Column(rows, row => row.Id) });
        command.Parameters.Add(new() { Value = Column(rows, row => row.SubscriptionId) });
        command.Parameters.Add(new() { Value = Column(rows, row => row.Place) });
        command.Parameters.Add(new() { Value = options.Value.Retention });
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static TValue[] Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return column;
    }
}

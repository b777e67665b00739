using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// The table of deliveries as a queue that several processes share. Whoever takes a row counts its attempt and gets a lease; a
/// process that dies leaves a row that becomes due again by itself. The database's clock decides, so processes need not agree on
/// the time. Not traced: a look at an empty queue every second would be all that one sees.
/// </summary>
internal sealed class DeliveryQueue(NpgsqlDataSource database, IOptions<WebhookOptions> options, TimeProvider time)
{
    private readonly WebhookOptions _options = options.Value;

    /// <summary>
    /// Who has anything pending is found by skipping through the index, one step per subscription. The rows are shared out evenly
    /// among those with room; the healthy ones come first. Rows that another process is just taking are skipped.
    /// </summary>
    private const string Take = """
        with recursive waiting(id) as (
            (select subscription_id from webhook_deliveries where status = 'pending' order by subscription_id limit 1)
            union all
            select (select d.subscription_id from webhook_deliveries d
                    where d.status = 'pending' and d.subscription_id > w.id order by d.subscription_id limit 1)
            from waiting w where w.id is not null
        ), ready as (
            select s.*, case when s.consecutive_failures = 0 then $1 when s.consecutive_failures < $3 then $2 else 1 end
                - coalesce(taken.deliveries, 0) as room
            from waiting w
            join webhook_subscriptions s on s.id = w.id
            left join unnest($4::text[], $5::int[]) as taken(id, deliveries) on taken.id = s.id
            where s.active and s.deleted_at is null and (s.held_until is null or s.held_until <= now())
        ), fair as (
            select *, least(room, greatest(1, $6 / count(*) over ()))::int as share from ready where room > 0
            order by consecutive_failures > 0, random() limit $6
        ), picked as (
            select d.*, f.share, f.consecutive_failures > 0 as is_probe, f.url, f.secret,
                case when f.previous_secret_until > now() then f.previous_secret end as previous_secret
            from fair f cross join lateral (
                select event_id, subscription_id, due_at from webhook_deliveries
                where subscription_id = f.id and status = 'pending' and due_at <= now()
                order by due_at limit f.share for update skip locked) d
            limit $6
        )
        update webhook_deliveries d
        set attempts = d.attempts + 1, due_at = now() + $7, claimed_at = now(),
            log = case when d.claimed_at is null then d.log else d.log || jsonb_build_object(
                'at', to_char(d.claimed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'error', $8::text) end
        from picked p left join webhook_events e on e.event_id = p.event_id
        where d.event_id = p.event_id and d.subscription_id = p.subscription_id
        returning d.event_id, d.subscription_id, d.attempts, d.attempts - d.round_start, p.due_at, p.share, p.is_probe,
            p.url, p.secret, p.previous_secret, e.type, e.order_id, e.traceparent, e.payload, e.at
        """;

    /// <summary>
    /// A result counts if the claim still stands (nobody has taken the row since). That a receiver took the event is true in any
    /// case.
    /// </summary>
    private const string Settle = """
        update webhook_deliveries d
        set status = r.status,
            attempts = d.attempts - case when r.released then 1 else 0 end,
            due_at = now() + r.wait,
            claimed_at = null,
            delivered_at = case when r.status = 'delivered' then now() else d.delivered_at end,
            log = case when r.entry is null then d.log
                       when jsonb_array_length(d.log) < $8 then d.log || r.entry::jsonb
                       else (d.log - 0) || r.entry::jsonb end
        from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::boolean[], $6::interval[], $7::text[])
            as r(event_id, subscription_id, attempt, status, released, wait, entry)
        where d.event_id = r.event_id and d.subscription_id = r.subscription_id and d.status = 'pending'
          and (d.attempts = r.attempt or r.status = 'delivered')
        """;

    private const string Failures = "case when r.succeeded then r.failures else s.consecutive_failures + r.failures end";

    private const string Since =
        "case when r.failures = 0 then null when r.succeeded then now() else coalesce(s.failing_since, now()) end";

    private const string Reason =
        $"case when r.gone then 'gone' when {Failures} >= $9 and {Since} <= now() - $10 then 'failing' end";

    /// <summary>A subscription that works is written at most every ten seconds, not with every delivery.</summary>
    private const string Judge = $"""
        update webhook_subscriptions s
        set consecutive_failures = {Failures},
            failing_since = {Since},
            last_success_at = case when r.succeeded then now() else s.last_success_at end,
            held_until = greatest(now() + r.hold,
                case when {Failures} >= $6 then now() + least($7 * power(2, least({Failures} - $6, 30)), $8) end),
            disabled_reason = coalesce(s.disabled_reason, {Reason}),
            disabled_at = case when s.active and {Reason} is not null then now() else s.disabled_at end,
            active = s.active and {Reason} is null
        from unnest($1::text[], $2::boolean[], $3::int[], $4::boolean[], $5::interval[]) as r(id, succeeded, failures, gone, hold)
        where s.id = r.id and (r.failures > 0 or s.consecutive_failures > 0 or s.last_success_at is null
            or s.last_success_at < now() - interval '10 seconds')
        returning s.id, case when old.active and not new.active then new.disabled_reason end
        """;

    /// <summary>Takes what is due, at most <paramref name="room"/>, oldest first per subscription.</summary>
    /// <param name="room">Deliveries to take at most.</param>
    /// <param name="taken">What this process has already, per subscription.</param>
    /// <param name="cancel">Stops the look.</param>
    public async Task<List<Delivery>> TakeAsync(
        int room, IReadOnlyList<(string SubscriptionId, int Deliveries)> taken, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        var takenAt = time.GetTimestamp();
        await using var command = database.CreateCommand(Take);
        Add(command.Parameters, _options.TakenPerSubscription, Math.Min(_options.ConcurrencyPerSubscription, _options.TakenPerSubscription),
            _options.HoldAfterFailures, taken.Select(entry => entry.SubscriptionId).ToArray(),
            taken.Select(entry => entry.Deliveries).ToArray(), room, _options.Lease, AttemptErrors.SenderLost);
        var rows = new List<(DateTime DueAt, int Share, Delivery Delivery)>();
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
                rows.Add((reader.GetDateTime(4), reader.GetInt32(5), Read(reader, takenAt)));
        }

        // The statement returns them in any order. Who got the whole share may have more.
        var full = rows.GroupBy(row => row.Delivery.SubscriptionId, StringComparer.Ordinal)
            .Where(group => group.Count() >= group.First().Share).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return [.. rows.OrderBy(row => row.DueAt)
            .Select(row => row.Delivery with { MayBeMore = full.Contains(row.Delivery.SubscriptionId) })];
    }

    /// <summary>Writes results, in the order in which they came, in one round trip and one transaction.</summary>
    /// <returns>Subscriptions that were disabled by them: (id, reason).</returns>
    public async Task<List<(string SubscriptionId, string Reason)>> SettleAsync(
        IReadOnlyList<DeliveryResult> results, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var batch = database.CreateBatch();
        var settle = batch.CreateBatchCommand();
        settle.CommandText = Settle;
        Add(settle.Parameters, Column(results, r => r.Delivery.EventId), Column(results, r => r.Delivery.SubscriptionId),
            Column(results, r => r.Delivery.Attempt), Column(results, StatusOf), Column(results, r => r.Fate is DeliveryFate.Released),
            Column(results, r => r.Wait), Column(results, LogEntry), _options.AttemptsKeptMax);
        batch.BatchCommands.Add(settle);
        var tallies = Tally.Of(results);
        if (tallies.Count > 0) batch.BatchCommands.Add(JudgeCommand(batch, tallies));

        var disabled = new List<(string, string)>();
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (!await reader.IsDBNullAsync(1, cancel)) disabled.Add((reader.GetString(0), reader.GetString(1)));
        }

        return disabled;
    }

    private NpgsqlBatchCommand JudgeCommand(NpgsqlBatch batch, List<Tally> tallies)
    {
        var judge = batch.CreateBatchCommand();
        judge.CommandText = Judge;
        Add(judge.Parameters, Column(tallies, t => t.SubscriptionId), Column(tallies, t => t.Succeeded), Column(tallies, t => t.Failures),
            Column(tallies, t => t.IsGone), Column(tallies, t => t.Hold), _options.HoldAfterFailures, _options.HoldFirst,
            _options.HoldMax, _options.DisableAfterFailures, _options.DisableAfter);
        return judge;
    }

    private static Delivery Read(NpgsqlDataReader row, long takenAt) => new(
        row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), takenAt, row.GetBoolean(6), MayBeMore: false,
        new WebhookTarget(row.GetString(7), row.GetString(8), Text(row, 9)),
        row.IsDBNull(13)
            ? null
            : new WebhookEvent(row.GetString(10), Text(row, 11), Text(row, 12), row.GetString(13), row.GetFieldValue<DateTimeOffset>(14)));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static string StatusOf(DeliveryResult result) => result.Fate switch
    {
        DeliveryFate.Delivered => "delivered",
        DeliveryFate.Failed => "failed",
        _ => "pending",
    };

    private static string? LogEntry(DeliveryResult result) => result.Attempt is { } attempt
        ? JsonSerializer.Serialize(AttemptEntry.Of(attempt), AttemptJson.Default.AttemptEntry)
        : null;

    private static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object> values)
    {
        foreach (var value in values) parameters.Add(new NpgsqlParameter { Value = value });
    }

    private static TValue[] Column<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
        return column;
    }
}

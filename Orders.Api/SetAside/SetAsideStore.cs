using System.Text.Json;
using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.SetAside;

/// <summary>
/// The table of events that Kafka refused; the relay writes it. An open one is settled by one conditional statement: of two who settle it
/// at once one wins. A retry puts the event into the outbox once more in the same transaction, so that it takes the way of all others.
/// </summary>
internal sealed class SetAsideStore(NpgsqlDataSource database)
{
    private const string Columns =
        "id, order_id, version, type, bytes, reason, detail, refusals, state, set_aside_at, settled_at, settled_by, note";

    private const string Retry = """
        with retried as (
            update outbox_set_aside set state = 'retried', settled_by = $2, settled_at = $3 where id = $1 and state = 'open' returning *
        )
        insert into outbox (order_id, version, type, traceparent, payload)
        select order_id, version, type, traceparent, payload from retried
        """;

    /// <summary>Newest first.</summary>
    public async Task<List<SetAsideEvent>> ListAsync(
        string? state, (DateTimeOffset At, string Id)? before, int max, CancellationToken cancel)
    {
        await using var select = database.CreateCommand(
            $"""
            select {Columns} from outbox_set_aside
            where ($1::text is null or state = $1) and ($2::timestamptz is null or (set_aside_at, id) < ($2, $3))
            order by set_aside_at desc, id desc limit $4
            """);
        select.With(Sql.Text(state), Sql.Instant(before?.At), Sql.Text(before?.Id), Sql.Whole(max));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var found = new List<SetAsideEvent>();
        while (await rows.ReadAsync(cancel)) found.Add(Read(rows));
        return found;
    }

    /// <summary>With the event itself; null when there is none.</summary>
    public async Task<SetAsideEvent?> FindAsync(string id, CancellationToken cancel)
    {
        await using var select = database.CreateCommand($"select {Columns}, payload from outbox_set_aside where id = $1");
        select.With(Sql.Text(id));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        if (!await rows.ReadAsync(cancel)) return null;
        return Read(rows) with { Event = JsonSerializer.Deserialize<JsonElement>(await rows.GetFieldValueAsync<byte[]>(13, cancel)) };
    }

    public async Task RetryAsync(string id, string by, DateTimeOffset now, CancellationToken cancel)
    {
        await using var retry = database.CreateCommand(Retry);
        retry.With(Sql.Text(id), Sql.Text(by), Sql.Instant(now));
        await retry.ExecuteNonQueryAsync(cancel);
    }

    public async Task DiscardAsync(string id, string by, string? note, DateTimeOffset now, CancellationToken cancel)
    {
        await using var discard = database.CreateCommand(
            """
            update outbox_set_aside set state = 'discarded', settled_by = $2, note = $3, settled_at = $4
            where id = $1 and state = 'open'
            """);
        discard.With(Sql.Text(id), Sql.Text(by), Sql.Text(note), Sql.Instant(now));
        await discard.ExecuteNonQueryAsync(cancel);
    }

    private static SetAsideEvent Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0), OrderId = row.GetString(1), Version = row.GetInt32(2), Type = row.GetString(3), Bytes = row.GetInt32(4),
        Reason = row.GetString(5), Detail = row.GetString(6), Refusals = row.GetInt32(7), State = row.GetString(8),
        SetAsideAt = row.GetFieldValue<DateTimeOffset>(9),
        SettledAt = row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
        SettledBy = row.TextOrNull(11), Note = row.TextOrNull(12),
    };
}

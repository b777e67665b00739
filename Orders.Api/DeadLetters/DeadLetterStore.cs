using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.DeadLetters;

/// <summary>The table of dead letters. What somebody decides about one is one conditional update: of two at once one wins.</summary>
internal sealed class DeadLetterStore(NpgsqlDataSource database)
{
    private const string Insert = """
        insert into dead_letters (id, consumer, topic, partition, position, reason, detail, failed_at, traceparent, key, value,
            omitted_bytes, headers, produced_at, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (id) do nothing
        """;

    /// <summary>
    /// What many at once can be sent again, with the topics as $7: not what Kafka refused when it was sent again before, which is sent by
    /// itself when a request names that letter.
    /// </summary>
    private const string Retriable = "topic = any ($7) and omitted_bytes is null and retry_failure is null";

    /// <summary>Adds what is not there yet, in one transaction, and answers how many that were.</summary>
    public async Task<int> AddAsync(IReadOnlyList<CopiedLetter> letters, DateTimeOffset now, CancellationToken cancel)
    {
        if (letters.Count == 0) return 0;
        await using var batch = database.CreateBatch();
        foreach (var (id, letter) in letters)
        {
            batch.BatchCommands.Add(Sql.Command(Insert,
                Sql.Text(id), Text(letter.Group), Text(letter.Topic), Sql.Whole(letter.Partition), Sql.Long(letter.Offset),
                Text(letter.Reason), Text(letter.Detail), Sql.Instant(letter.FailedAt), Text(letter.TraceParent), Bytes(letter.Key),
                Bytes(letter.Value), Sql.Whole(letter.OmittedBytes), Headers(letter), Sql.Instant(letter.ProducedAt), Sql.Instant(now)));
        }

        return await batch.ExecuteNonQueryAsync(cancel);
    }

    public async Task<DeadLetterRow?> FindAsync(string id, CancellationToken cancel)
    {
        await using var select = database.CreateCommand(
            $"select {DeadLetterRow.Columns}, key, value, headers from dead_letters where id = $1");
        select.With(Sql.Text(id));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? DeadLetterRow.Read(rows, whole: true) : null;
    }

    /// <summary>Newest first.</summary>
    public async Task<List<DeadLetterRow>> ListAsync(
        DeadLetterFilter filter, (DateTimeOffset At, string Id)? before, int max, CancellationToken cancel)
    {
        await using var select = database.CreateCommand(
            $"""
            select {DeadLetterRow.Columns} from dead_letters
            where {DeadLetterFilter.Where} and ($7::timestamptz is null or (failed_at, id) < ($7, $8))
            order by failed_at desc, id desc limit $9
            """);
        select.With(filter.Parameters());
        select.With(Sql.Instant(before?.At), Sql.Text(before?.Id), Sql.Whole(max));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var found = new List<DeadLetterRow>();
        while (await rows.ReadAsync(cancel)) found.Add(DeadLetterRow.Read(rows, whole: false));
        return found;
    }

    /// <summary>Settles one open letter; false when it is not open, or cannot be settled that way.</summary>
    public async Task<bool> SettleAsync(string id, string state, string by, string? note, DateTimeOffset now, CancellationToken cancel)
    {
        await using var update = database.CreateCommand(
            """
            update dead_letters set state = $2, settled_by = $3, note = $4, settled_at = $5, retry_failure = null
            where id = $1 and state = 'open' and ($2 = 'discarded' or (topic = any ($6) and omitted_bytes is null))
            """);
        update.With(
            Sql.Text(id), Sql.Text(state), Sql.Text(by), Sql.Text(note), Sql.Instant(now), Sql.Texts(DeadLetterRow.Sendable));
        return await update.ExecuteNonQueryAsync(cancel) == 1;
    }

    /// <summary>Marks the oldest open letters that the filter names to be sent again; how many, and how many such are left.</summary>
    public async Task<(int Retried, long Remaining)> RetryAsync(
        DeadLetterFilter filter, string by, int max, DateTimeOffset now, CancellationToken cancel)
    {
        var open = filter with { State = DeadLetterRow.Open };
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Sql.Command(
            $"""
            update dead_letters set state = 'retried', settled_by = $8, settled_at = $9
            where id in (
                select id from dead_letters where {DeadLetterFilter.Where} and {Retriable}
                order by failed_at, id limit $10 for update skip locked)
            """,
            [
                .. open.Parameters(), Sql.Texts(DeadLetterRow.Sendable), Sql.Text(by), Sql.Instant(now), Sql.Whole(max),
            ]));
        batch.BatchCommands.Add(Sql.Command(
            $"select count(*) from dead_letters where {DeadLetterFilter.Where} and {Retriable}",
            [.. open.Parameters(), Sql.Texts(DeadLetterRow.Sendable)]));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        return ((int)batch.BatchCommands[0].RecordsAffected, rows.GetInt64(0));
    }

    /// <summary>Removes letters that are too old and answers how many.</summary>
    public async Task<int> RemoveAsync(DateTimeOffset settledBefore, DateTimeOffset openBefore, int max, CancellationToken cancel)
    {
        await using var delete = database.CreateCommand(
            """
            delete from dead_letters where id in (
                (select id from dead_letters where settled_at < $1 and (state <> 'retried' or sent_at is not null) limit $3)
                union all (select id from dead_letters where state = 'open' and failed_at < $2 limit $3))
            """);
        delete.With(Sql.Instant(settledBefore), Sql.Instant(openBefore), Sql.Whole(max));
        return await delete.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Open letters by the topic of the record that could not be used.</summary>
    public async Task<Dictionary<string, long>> CountOpenAsync(CancellationToken cancel)
    {
        await using var select = database.CreateCommand("select topic, count(*) from dead_letters where state = 'open' group by topic");
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var open = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel)) open[rows.GetString(0)] = rows.GetInt64(1);
        return open;
    }

    /// <summary>The database takes no U+0000, and nobody's letter may hold up the others for one.</summary>
    private static NpgsqlParameter Text(string? text) => Sql.Text(text?.Replace('\0', '\ufffd'));

    private static NpgsqlParameter Bytes(byte[]? value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Bytea, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Headers(DeadLetter letter) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Json,
        Value = letter.Headers is { } headers ? JsonSerializer.Serialize(headers, OrdersJson.Options()) : DBNull.Value,
    };
}

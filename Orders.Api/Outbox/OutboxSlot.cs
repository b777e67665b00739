using Npgsql;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// Slot, partitions and lag: what the relay needs from the database beside the stream itself, over ordinary connections.
/// What is asked every few seconds for ever leaves no trace: it would bury the traces of orders.
/// </summary>
internal sealed class OutboxSlot(string connectionString)
{
    // Any number that nothing else in this database locks; held while a slot is made and the table replayed.
    private const long ReplayLock = 0x4F72646572730002;

    /// <summary>
    /// Makes the slot if it is missing or lost, and sends what a new slot cannot see: the rows that the outbox already
    /// holds. The flag is set before the slot is made and cleared after Kafka has all rows, so a crash between repeats the
    /// replay instead of forgetting it. Only one replica at a time does this.
    /// </summary>
    /// <param name="replay">Publishes rows in the order of their position and returns when all are acknowledged.</param>
    /// <param name="cancel">Stops the work; it is repeated by the next session.</param>
    /// <returns>How many rows were sent from the table.</returns>
    public async Task<long> EnsureAsync(Func<IAsyncEnumerable<OutboxEvent>, Task<long>> replay, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await ExecuteAsync(connection, $"select pg_advisory_lock({ReplayLock})", cancel);
        try
        {
            await EnsureSlotAsync(connection, cancel);
            if (!await ScalarAsync<bool>(connection, "select replay_needed from outbox_relay", cancel)) return 0;
            var sent = await replay(RowsAsync(cancel));
            await ExecuteAsync(connection, "update outbox_relay set replay_needed = false", cancel);
            return sent;
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({ReplayLock})", CancellationToken.None);
        }
    }

    /// <summary>Sends a heartbeat through the slot and answers how many bytes of log the slot is behind.</summary>
    public async Task<long> BeatAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return await ScalarAsync<long>(connection,
            $"""
            select pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint
            from pg_replication_slots, pg_logical_emit_message(false, '{WireNames.Outbox.Heartbeat}', '')
            where slot_name = '{WireNames.Outbox.Slot}'
            """, cancel);
    }

    /// <summary>Makes the partitions of today and the days ahead, by UTC day, where they are missing.</summary>
    public async Task EnsurePartitionsAsync(DateOnly today, int daysAhead, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        for (var day = today; day <= today.AddDays(daysAhead); day = day.AddDays(1))
        {
            var name = $"outbox_{day:yyyyMMdd}";
            // Asked first: creating takes a lock on the table that writers would feel, "if not exists" included.
            if (await ScalarAsync<bool>(connection, $"select to_regclass('{name}') is not null", cancel)) continue;
            try
            {
                await ExecuteAsync(connection,
                    $"""
                    create table if not exists {name} partition of outbox
                    for values from ('{day:yyyy-MM-dd}Z') to ('{day.AddDays(1):yyyy-MM-dd}Z')
                    """, cancel);
            }
            catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.UniqueViolation)
            {
                // The default partition already holds rows of that day (they are relayed from there), or another replica was first.
            }
        }
    }

    /// <summary>True while another replica reads the slot.</summary>
    public async Task<bool> IsTakenAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        return await ScalarAsync<bool>(connection,
            $"select coalesce((select active from pg_replication_slots where slot_name = '{WireNames.Outbox.Slot}'), false)", cancel);
    }

    private static async Task EnsureSlotAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var status = await ScalarAsync<string>(connection,
            $"""
            select coalesce((select wal_status from pg_replication_slots where slot_name = '{WireNames.Outbox.Slot}'), 'missing')
            """, cancel);
        if (status is not ("missing" or "lost")) return;

        await ExecuteAsync(connection, "update outbox_relay set replay_needed = true", cancel);
        if (status == "lost") await ExecuteAsync(connection, $"select pg_drop_replication_slot('{WireNames.Outbox.Slot}')", cancel);
        // The last argument lets a standby take the slot over at a failover.
        await ExecuteAsync(connection,
            $"select pg_create_logical_replication_slot('{WireNames.Outbox.Slot}', 'pgoutput', false, false, true)", cancel);
    }

    private async IAsyncEnumerable<OutboxEvent> RowsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand($"select {OutboxEvent.SelectColumns} from outbox order by position", connection)
        {
            CommandTimeout = 0, // as long as the table is; the session's token ends it
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel)) yield return OutboxEvent.Read(rows);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }
}

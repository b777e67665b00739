using Npgsql;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// The slot and its lag: what the relay needs from the database beside the stream itself, over ordinary connections.
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

    /// <summary>Sends a heartbeat through the slot and answers how it is doing.</summary>
    /// <exception cref="PublicationLostException">The slot leaves out events.</exception>
    public async Task<SlotState> BeatAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"""
            select pg_wal_lsn_diff(pg_current_wal_lsn(), s.confirmed_flush_lsn)::bigint,
                pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::bigint, s.safe_wal_size, s.wal_status, t.spill_bytes,
                (select count(*) from outbox_set_aside where state = 'open'), {OutboxPublication.IsWhole}
            from pg_replication_slots s left join pg_stat_replication_slots t using (slot_name),
                pg_logical_emit_message(false, '{WireNames.Outbox.Heartbeat}', '')
            where slot_name = '{WireNames.Outbox.Slot}'
            """, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel)) return new SlotState(0, 0, null, "missing", 0);
        if (!row.GetBoolean(6)) throw new PublicationLostException();
        long? Number(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
        return new SlotState(Number(0) ?? 0, Number(1) ?? 0, Number(2), row.GetString(3), Number(4) ?? 0, Number(5) ?? 0);
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

/// <summary>What the database says of the slot. See its documentation of <c>pg_replication_slots</c>.</summary>
/// <param name="LagBytes">Log between the newest commit and what is confirmed.</param>
/// <param name="RetainedBytes">Log that is kept on the disk because of the slot.</param>
/// <param name="SafeBytes">Log that can still be written before the slot may be lost; null without such a bound.</param>
/// <param name="WalStatus"><c>reserved</c>, <c>extended</c>, <c>unreserved</c>, <c>lost</c>, or <c>missing</c>.</param>
/// <param name="SpilledBytes">Transactions that were too large for memory, since the slot's statistics began.</param>
/// <param name="SetAside">Events that Kafka refused and that are open.</param>
internal readonly record struct SlotState(
    long LagBytes, long RetainedBytes, long? SafeBytes, string WalStatus, long SpilledBytes, long SetAside = 0);

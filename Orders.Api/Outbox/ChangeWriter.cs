using System.Data;
using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// Writes published events down as changes, numbered without a gap in the order in which they are given, which is commit order.
/// Invariants:
/// 1. Numbers are given under a lock that lasts until the commit, so a number is never visible before a smaller one, and what two
///    sessions of the relay write is the same as if one had written it: each begins where the feed ends, or before.
/// 2. An (order, version) gets one number, however often its event is delivered; only what is new takes a number.
/// 3. A change is written when everybody can read the order at that version. The log shows a commit a moment before other
///    transactions do; such an event, and all behind it, is waited for.
/// </summary>
internal sealed partial class ChangeWriter : IAsyncDisposable
{
    // Any number that nothing else in this database locks.
    private const long SequenceLock = 0x4F72646572730003;

    private const string Insert = $"""
        with sent as materialized (
            select s.*, h.at, o.customer_id
            from unnest($1, $2, $3, $4, $5, $6, $7)
                with ordinality s (outbox_position, order_id, version, type, kafka_partition, kafka_offset, published_at, n)
            left join order_history h on h.order_id = s.order_id and h.version = s.version
            left join orders o on o.id = s.order_id
        ), unseen as (select min(n) as n from sent where at is null or customer_id is null
        ), fresh as (
            select distinct on (order_id, version) * from sent
            where n < coalesce((select n from unseen), 9223372036854775807)
                and not exists (select from order_changes c where c.order_id = sent.order_id and c.version = sent.version)
            order by order_id, version, n
        ), written as (
            insert into order_changes (position, order_id, version, customer_id, type, at,
                outbox_position, kafka_partition, kafka_offset, published_at)
            select (select coalesce(max(position), 0) from order_changes) + row_number() over (order by n), order_id, version,
                customer_id, type, at, outbox_position, kafka_partition, kafka_offset, published_at
            from fresh order by n
            returning position
        ), told as (
            select pg_notify('{WireNames.Outbox.ChangesChannel}', max(position)::text) from written having count(*) > 0
        )
        select (select n from unseen), (select count(*) from told)
        """;

    private readonly NpgsqlConnection _connection;
    private readonly TimeSpan _pause;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="connectionString">The database.</param>
    /// <param name="pause">How long to wait before a transaction is looked for again that others do not see yet.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where an event is named that has no order.</param>
    public ChangeWriter(string connectionString, TimeSpan pause, TimeProvider time, ILogger logger)
    {
        (_pause, _time, _logger) = (pause, time, logger);
        // The statement is prepared once and its plan kept. Made while the tables were small it would read them whole for ever after, so
        // the connection knows look-ups by index alone.
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Options = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off",
        }.ConnectionString);
    }

    /// <summary>Returns when the feed shows all of them.</summary>
    /// <param name="events">Acknowledged events, in commit order.</param>
    /// <param name="cancel">Part of them may be written.</param>
    public async Task WriteAsync(List<InFlightEvent> events, CancellationToken cancel)
    {
        // What is asked many times a second for ever leaves no trace: it would bury the traces of orders.
        using var untraced = SuppressInstrumentationScope.Begin();
        if (_connection.State is not ConnectionState.Open) await _connection.OpenAsync(cancel);
        var isVisible = false; // the first one's transaction
        while (events.Count > 0 && await InsertAsync(events, cancel) is { } unseen)
        {
            if (unseen > 0) isVisible = false;
            events = events[unseen..];
            if (isVisible)
            {
                LogGone(_logger, events[0].OrderId, events[0].Version);
                events = events[1..];
                isVisible = false;
            }
            else if (!(isVisible = await IsVisibleAsync(events[0].Transaction, cancel))) await Task.Delay(_pause, _time, cancel);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <summary>Null when all are written; otherwise the index of the first one whose order nobody sees: it and all behind are
    /// not.</summary>
    private async Task<int?> InsertAsync(List<InFlightEvent> events, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(_connection);
        batch.BatchCommands.Add(Sql.Command("select pg_advisory_xact_lock($1)", Sql.Long(SequenceLock)));
        batch.BatchCommands.Add(Sql.Command(Insert,
            Column(NpgsqlDbType.Bigint, events, sent => sent.OutboxPosition),
            Column(NpgsqlDbType.Text, events, sent => sent.OrderId),
            Column(NpgsqlDbType.Integer, events, sent => sent.Version),
            Column(NpgsqlDbType.Text, events, sent => sent.Type),
            Column(NpgsqlDbType.Integer, events, sent => sent.Delivery!.Partition),
            Column(NpgsqlDbType.Bigint, events, sent => sent.Delivery!.Offset),
            Column(NpgsqlDbType.TimestampTz, events, sent => sent.Delivery!.At)));
        await batch.PrepareAsync(cancel);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        await rows.ReadAsync(cancel);
        return await rows.IsDBNullAsync(0, cancel) ? null : (int)(await rows.GetFieldValueAsync<long>(0, cancel)) - 1;
    }

    /// <summary>Whether what the transaction wrote is there for a statement that begins now.</summary>
    private async Task<bool> IsVisibleAsync(uint transaction, CancellationToken cancel)
    {
        if (transaction == 0) return true;
        var next = await ScalarAsync<string>("select pg_snapshot_xmax(pg_current_snapshot())::text", cancel);
        var id = Whole(transaction, ulong.Parse(next, CultureInfo.InvariantCulture));
        return await ScalarAsync<bool>(
            FormattableString.Invariant($"select pg_visible_in_snapshot('{id}'::xid8, pg_current_snapshot())"), cancel);
    }

    /// <summary>The log has the low half of a transaction's id; the whole one is the closest to what is next.</summary>
    internal static ulong Whole(uint transaction, ulong next)
    {
        var id = (next & ~0xFFFFFFFFUL) | transaction;
        return id > next + int.MaxValue && id > uint.MaxValue ? id - (1UL << 32) : id;
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    private static NpgsqlParameter Column<T>(NpgsqlDbType type, List<InFlightEvent> events, Func<InFlightEvent, T> value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = events.ConvertAll(sent => value(sent)).ToArray() };

    [LoggerMessage(LogLevel.Warning,
        "Order {OrderId} version {Version} was published, but there is no such order: it has no place in the feed")]
    private static partial void LogGone(ILogger logger, string orderId, int version);
}

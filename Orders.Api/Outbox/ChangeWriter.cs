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
/// 4. An event whose transaction everybody sees and whose order nobody sees has no order. It is passed over, with all its like at once.
/// </summary>
internal sealed partial class ChangeWriter : IAsyncDisposable
{
    // Any number that nothing else in this database locks.
    private const long SequenceLock = 0x4F72646572730003;

    private const string Insert = $"""
        with sent as materialized (
            select s.*, h.at, o.customer_id, h.at is null or o.customer_id is null as missing
            from unnest($1, $2, $3, $4, $5, $6, $7, $8)
                with ordinality s (outbox_position, order_id, version, type, kafka_partition, kafka_offset, published_at, settled, n)
            left join order_history h on h.order_id = s.order_id and h.version = s.version
            left join orders o on o.id = s.order_id
        ), unseen as (select coalesce(min(n), 9223372036854775807) as n from sent where missing and not settled
        ), fresh as (
            select distinct on (order_id, version) * from sent
            where n < (select n from unseen) and not missing
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
        select (select n from unseen), (select count(*) from told),
            (select array_agg(n order by n) from sent where missing and n < (select n from unseen))
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
        var settled = events.ConvertAll(sent => sent.Transaction == 0);
        while (events.Count > 0 && await InsertAsync(events, settled, cancel) is { } unseen)
        {
            (events, settled) = (events[unseen..], settled[unseen..]);
            await SettleAsync(events, settled, cancel);
            if (!settled[0]) await Task.Delay(_pause, _time, cancel);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <param name="events">What is left.</param>
    /// <param name="settled">For each of them, whether what its transaction wrote was to be seen before now.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>Null when all are written; otherwise the index of the first one whose order cannot be seen yet: it and all behind are
    /// not.</returns>
    private async Task<int?> InsertAsync(List<InFlightEvent> events, List<bool> settled, CancellationToken cancel)
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
            Column(NpgsqlDbType.TimestampTz, events, sent => sent.Delivery!.At),
            new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Boolean, Value = settled.ToArray() }));
        await batch.PrepareAsync(cancel);
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        await rows.ReadAsync(cancel);
        if (!await rows.IsDBNullAsync(2, cancel))
        {
            var gone = await rows.GetFieldValueAsync<long[]>(2, cancel);
            var first = events[(int)gone[0] - 1];
            LogGone(_logger, gone.Length, first.OrderId, first.Version);
        }

        var unseen = await rows.GetFieldValueAsync<long>(0, cancel);
        return unseen > events.Count ? null : (int)unseen - 1;
    }

    /// <summary>Finds out whose writing is there for a statement that begins now.</summary>
    private async Task SettleAsync(List<InFlightEvent> events, List<bool> settled, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand("select pg_snapshot_xmax(pg_current_snapshot())::text", _connection);
        var next = ulong.Parse((string)(await ask.ExecuteScalarAsync(cancel))!, CultureInfo.InvariantCulture);
        var open = Enumerable.Range(0, events.Count).Where(i => !settled[i]).ToLookup(i => Whole(events[i].Transaction, next));
        await using var look = new NpgsqlCommand(
            "select t from unnest($1) t where pg_visible_in_snapshot(t::xid8, pg_current_snapshot())", _connection);
        look.With(Sql.Texts([.. open.Select(events => events.Key.ToString(CultureInfo.InvariantCulture))]));
        await using var rows = await look.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            foreach (var i in open[ulong.Parse(rows.GetString(0), CultureInfo.InvariantCulture)]) settled[i] = true;
        }
    }

    /// <summary>The log has the low half of a transaction's id; the whole one is the closest to what is next.</summary>
    internal static ulong Whole(uint transaction, ulong next)
    {
        var id = (next & ~0xFFFFFFFFUL) | transaction;
        return id > next + int.MaxValue && id > uint.MaxValue ? id - (1UL << 32) : id;
    }

    private static NpgsqlParameter Column<T>(NpgsqlDbType type, List<InFlightEvent> events, Func<InFlightEvent, T> value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = events.ConvertAll(sent => value(sent)).ToArray() };

    [LoggerMessage(LogLevel.Warning,
        "{Count} events were published whose orders do not exist: they have no place in the feed. "
        + "The first is order {OrderId} version {Version}")]
    private static partial void LogGone(ILogger logger, int count, string orderId, int version);
}

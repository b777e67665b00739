using System.Text.Json;
using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Explaining;

/// <summary>All that the database knows of one order, read in one snapshot and one round trip.</summary>
/// <param name="Row">The order's row, column by column.</param>
/// <param name="Items">Its lines' rows, by line.</param>
/// <param name="RefundIds">The ledger's entries, sorted.</param>
/// <param name="ShipmentIds">The parcels, sorted.</param>
/// <param name="Newest">The history's newest state.</param>
/// <param name="Timeline">The history, oldest first.</param>
/// <param name="Published">What of it is in the change feed, by version.</param>
/// <param name="SearchedSince">Closed orders that were placed before are not in the search index; null: not known yet.</param>
internal sealed record OrderFacts(
    JsonElement Row, JsonElement Items, string[] RefundIds, string[] ShipmentIds, StoredOrder Newest, IReadOnlyList<Change> Timeline,
    IReadOnlyDictionary<int, Publication> Published, DateTimeOffset? SearchedSince)
{
    private const string SelectRow = """
        select to_json(o), coalesce((select json_agg(to_json(i) order by i.line) from order_items i where i.order_id = o.id), '[]'),
            array (select r.id from order_refunds r where r.order_id = o.id order by r.id),
            array (select s.id from order_shipments s where s.order_id = o.id order by s.id)
        from orders o where o.id = $1
        """;

    private const string SelectNewest =
        "select version, state from order_history where order_id = $1 order by version desc limit 1";

    private const string SelectTimeline =
        "select version, type, status, at, reason, traceparent from order_history where order_id = $1 order by version";

    private const string SelectPublished = """
        select version, position, outbox_position, kafka_partition, kafka_offset, published_at from order_changes where order_id = $1
        """;

    private const string SelectWindow = "select now() - hot_window from search_gate where $1 is not null";

    public static async Task<OrderFacts?> ReadAsync(NpgsqlDataSource database, string id, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        await using var batch = new NpgsqlBatch(connection, snapshot);
        foreach (var sql in (string[])[SelectRow, SelectNewest, SelectTimeline, SelectPublished, SelectWindow])
            batch.BatchCommands.Add(Sql.Command(sql, Sql.Text(id)));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        if (!await rows.ReadAsync(cancel)) return null;
        var (row, items, refunds, shipments) = ReadRow(rows);
        await rows.NextResultAsync(cancel);
        var newest = await OrderStore.ReadAsync(rows, cancel);
        await rows.NextResultAsync(cancel);
        var timeline = new List<Change>();
        while (await rows.ReadAsync(cancel)) timeline.Add(ReadChange(rows));
        await rows.NextResultAsync(cancel);
        var published = new Dictionary<int, Publication>();
        while (await rows.ReadAsync(cancel)) published[rows.GetInt32(0)] = ReadPublication(rows);
        await rows.NextResultAsync(cancel);
        var since = await rows.ReadAsync(cancel) ? ReadInstant(rows) : null;
        return new OrderFacts(row, items, refunds, shipments, newest!.Value, timeline, published, since);
    }

    private static (JsonElement Row, JsonElement Items, string[] Refunds, string[] Shipments) ReadRow(NpgsqlDataReader row) => (
        JsonSerializer.Deserialize<JsonElement>(row.GetFieldValue<byte[]>(0)),
        JsonSerializer.Deserialize<JsonElement>(row.GetFieldValue<byte[]>(1)),
        row.GetFieldValue<string[]>(2), row.GetFieldValue<string[]>(3));

    private static DateTimeOffset? ReadInstant(NpgsqlDataReader row) =>
        row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0);

    private static Change ReadChange(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.TextOrNull(4),
        TraceId(row.TextOrNull(5)));

    private static Publication ReadPublication(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2), row.IsDBNull(3) ? null : row.GetInt32(3),
        row.IsDBNull(4) ? null : row.GetInt64(4), row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5));

    /// <summary>The second part of a W3C traceparent.</summary>
    private static string? TraceId(string? traceParent) => traceParent?.Split('-') is [_, { Length: 32 } trace, ..] ? trace : null;
}

/// <summary>A change as the relay wrote it down.</summary>
internal sealed record Publication(
    long Position, long? OutboxPosition, int? KafkaPartition, long? KafkaOffset, DateTimeOffset? PublishedAt);

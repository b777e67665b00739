using Npgsql;
using OpenTelemetry;

namespace Orders.Indexer.Drift;

/// <summary>The database's side of the comparison.</summary>
internal sealed class StoredOrders(NpgsqlDataSource database)
{
    private const string Columns = "id, version, status, placed_at";

    /// <summary>All orders, in buckets of about <paramref name="size"/> that together cover all of time.</summary>
    public async IAsyncEnumerable<Bucket> BucketsAsync(
        int size, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        DateTimeOffset? from = null;
        var wanted = size;
        while (true)
        {
            var rows = await RowsAsync(
                $"select {Columns} from orders where placed_at >= $1 order by placed_at, id limit $2", cancel,
                from ?? DateTimeOffset.MinValue, wanted);
            DateTimeOffset? until = rows.Count < wanted
                ? null : DateTimeOffset.FromUnixTimeMilliseconds(rows[^1].PlacedAt.ToUnixTimeMilliseconds());
            var inside = until is null ? rows : rows.FindAll(row => row.PlacedAt < until);
            if (until is not null && inside.Count == 0)
            {
                // All of the same millisecond.
                wanted *= 2;
                continue;
            }

            yield return new Bucket(from, until, inside.ToDictionary(row => row.Id, StringComparer.Ordinal));
            if (until is null) yield break;
            (from, wanted) = (until, size);
        }
    }

    /// <summary>The orders as they are now; those that are not there are left out.</summary>
    public async Task<Dictionary<string, StoredVersion>> OfAsync(IReadOnlyList<string> orderIds, CancellationToken cancel) =>
        (await RowsAsync($"select {Columns} from orders where id = any($1)", cancel, (object)orderIds.ToArray()))
            .ToDictionary(row => row.Id, StringComparer.Ordinal);

    /// <summary>Where the newest change of each of these orders is in Kafka, and for how long it has been there; null: not there
    /// yet.</summary>
    public async Task<Dictionary<string, Publication?>> PublishedAsync(IReadOnlyList<string> orderIds, CancellationToken cancel)
    {
        await using var command = Command(
            """
            select o.id, c.position is not null, c.kafka_partition, c.kafka_offset, extract(epoch from now() - c.published_at)::float8
            from orders o left join order_changes c on c.order_id = o.id and c.version = o.version where o.id = any($1)
            """, (object)orderIds.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var places = new Dictionary<string, Publication?>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancel)) places[rows.GetString(0)] = Place(rows);
        return places;
    }

    /// <summary>The end of the change feed.</summary>
    public async Task<long> PositionAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select coalesce(max(position), 0) from order_changes");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    private async Task<List<StoredVersion>> RowsAsync(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var orders = new List<StoredVersion>();
        while (await rows.ReadAsync(cancel)) orders.Add(Row(rows));
        return orders;
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static StoredVersion Row(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));

    private static Publication? Place(NpgsqlDataReader row) => !row.GetBoolean(1) ? null : new Publication(
        row.IsDBNull(2) ? null : row.GetInt32(2), row.IsDBNull(3) ? null : row.GetInt64(3),
        row.IsDBNull(4) ? TimeSpan.MaxValue : TimeSpan.FromSeconds(row.GetDouble(4)));
}

/// <param name="Partition">In Kafka; not known of events from before that was written down.</param>
/// <param name="Offset">The same.</param>
/// <param name="Age">How long ago it was published.</param>
internal sealed record Publication(int? Partition, long? Offset, TimeSpan Age);

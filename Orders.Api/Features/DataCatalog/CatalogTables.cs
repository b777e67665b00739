using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Features.DataCatalog;

/// <summary>The catalogue's tables, as PostgreSQL knows them.</summary>
internal sealed class CatalogTables(NpgsqlDataSource database)
{
    /// <summary>Every table that is a dataset.</summary>
    public static readonly IReadOnlyList<Dataset> All =
    [
        Table("orders", "source", "Orders as they stand: the truth"),
        Table("order_items", "source", "Their lines"),
        Table("order_history", "source", "Every version of every order, whole"),
        Table("analytics.order_facts", "silver", "One row for an order at its newest version"),
        Table("analytics.order_item_facts", "silver", "One row for a line of an order"),
        Table("analytics.customer_facts", "silver", "A customer's first order"),
        Table("analytics.rollups", "gold", "Sums per hour, day and month by status, category, product, district, channel and segment"),
    ];

    /// <summary>The archive's files; columns are those of a line, which is an event.</summary>
    public static readonly Dataset Archive = new(
        "archive", "bronze", "Every event as it came, in gzipped files of lines by day", "the indexer's archive",
        Schema: Contracts.OrderEvent.DataSchemaV1);

    /// <summary>Columns, sizes and rows of the tables.</summary>
    public async Task<IReadOnlyList<Dataset>> ReadAsync(long countedBytesMax, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select t.name, c.reltuples::bigint, pg_relation_size(c.oid), array(select a.attname::text from pg_attribute a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum),
                array(select format_type(a.atttypid, a.atttypmod) from pg_attribute a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
            from unnest($1) with ordinality t (name, place) join pg_class c on c.oid = t.name::regclass order by t.place
            """);
        command.With(Sql.Texts([.. All.Select(table => table.Name)]));
        var (found, sizes) = (new List<Dataset>(), new List<long>());
        await using (var rows = await command.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                found.Add(Read(rows, All[found.Count]));
                sizes.Add(rows.GetInt64(2));
            }
        }

        for (var i = 0; i < found.Count; i++)
        {
            if (sizes[i] > countedBytesMax) continue;
            await using var count = database.CreateCommand($"select count(*) from {found[i].Name}");
            found[i] = found[i] with { Rows = (long)(await count.ExecuteScalarAsync(cancel))!, RowsEstimated = null };
        }

        return found;
    }

    /// <summary>How far the facts are: the next offset of each partition, and the newest event.</summary>
    public Task<Reached> FactsAsync(CancellationToken cancel) =>
        ReachedAsync("select partition, next, last_event_at from analytics.offsets", cancel);

    /// <summary>How far the archive is.</summary>
    public Task<Reached> FilesAsync(CancellationToken cancel) => ReachedAsync(
        "select partition, max(next_offset), max(last_event_at), sum(rows)::bigint from archive_files group by partition", cancel);

    /// <summary>When an order was last changed.</summary>
    public async Task<DateTimeOffset?> NewestOrderAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select max(updated_at) from orders");
        return await command.ExecuteScalarAsync(cancel) is DateTime at ? new DateTimeOffset(at) : null;
    }

    /// <summary>Where the archive is and how long it keeps; null before the indexer has said so.</summary>
    public async Task<(string Location, int? RetentionDays)?> ArchiveStoreAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select location, retention_days from archive_store");
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? Store(row) : null;
    }

    private async Task<Reached> ReachedAsync(string sql, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (next, newest, total) = (new Dictionary<int, long>(), (DateTimeOffset?)null, 0L);
        while (await row.ReadAsync(cancel))
        {
            next[row.GetInt32(0)] = row.GetInt64(1);
            if (Instant(row, 2) is { } at && (newest is null || at > newest)) newest = at;
            if (row.FieldCount > 3) total += row.GetInt64(3);
        }

        return new Reached(next, newest, total);
    }

    private static (string, int?) Store(NpgsqlDataReader row) => (row.GetString(0), row.IsDBNull(1) ? null : row.GetInt32(1));

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static Dataset Read(NpgsqlDataReader row, Dataset table)
    {
        var (names, types) = (row.GetFieldValue<string[]>(3), row.GetFieldValue<string[]>(4));
        return table with
        {
            Columns = [.. names.Zip(types, (name, type) => new Column(name, type))],
            // Less than zero: never analyzed.
            Rows = row.GetInt64(1) < 0 ? null : row.GetInt64(1),
            RowsEstimated = row.GetInt64(1) < 0 ? null : true,
        };
    }

    private static Dataset Table(string name, string layer, string description) =>
        new(name, layer, description, "postgresql: " + Contracts.WireNames.Connections.OrdersDb + ", table " + name);
}

/// <summary>How far a consumer has come.</summary>
/// <param name="Next">The next offset of each partition.</param>
/// <param name="Newest">The newest event.</param>
/// <param name="Rows">Rows, where they were added up.</param>
internal sealed record Reached(IReadOnlyDictionary<int, long> Next, DateTimeOffset? Newest, long Rows);

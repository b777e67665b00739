using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Changes;

/// <summary>The change feed in the database; <c>Outbox/ChangeWriter</c> writes it.</summary>
internal sealed class ChangeStore(NpgsqlDataSource database)
{
    /// <summary>Bytes after which a page ends, however few changes it has: orders can be large.</summary>
    private const int PageBytesMax = 4 << 20;

    private const string Bounds = "select coalesce(max(position), 0), coalesce(min(position), 0) from order_changes";

    private const string Page = $"""
        select {Change.SelectColumns} from order_changes c join order_history h on h.order_id = c.order_id and h.version = c.version
        where c.position > $1 and c.position <= $2 and ($3::text[] is null or c.type = any($3)) and ($4::text is null or c.customer_id = $4)
        order by c.position limit $5
        """;

    public async Task<long> NewestAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select coalesce(max(position), 0) from order_changes");
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Reads on from a position. A page without items that is not at the newest position is no end: go on from its next.</summary>
    /// <param name="query">What is wanted.</param>
    /// <param name="scanMax">Positions to look through, at most.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<ChangePage> ReadAsync(ChangeQuery query, int scanMax, CancellationToken cancel)
    {
        var end = query.After > long.MaxValue - scanMax ? long.MaxValue : query.After + scanMax;
        await using var batch = database.CreateBatch();
        // Asked first: what comes between the two statements is beyond what this page claims to know.
        batch.BatchCommands.Add(Sql.Command(Bounds));
        batch.BatchCommands.Add(Sql.Command(Page, Sql.Long(query.After), Sql.Long(end), Sql.Texts(query.Types),
            Sql.Text(query.CustomerId), Sql.Whole(query.Limit)));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        var (newest, oldest) = ReadBounds(rows);
        await rows.NextResultAsync(cancel);
        var (items, bytes) = (new List<Change>(), 0);
        while (bytes < PageBytesMax && await rows.ReadAsync(cancel))
        {
            items.Add(Change.Read(rows));
            bytes += items[^1].Json.Length;
        }

        var last = items.Count > 0 ? items[^1].Position : query.After;
        var isCut = items.Count == query.Limit || bytes >= PageBytesMax;
        return new ChangePage(items, isCut ? last : Math.Max(last, Math.Min(end, newest)),
            items.Count > 0 ? Math.Max(newest, last) : newest, oldest);
    }

    private static (long Newest, long Oldest) ReadBounds(NpgsqlDataReader row) => (row.GetInt64(0), row.GetInt64(1));
}

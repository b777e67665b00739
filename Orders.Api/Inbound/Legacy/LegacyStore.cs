using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Inbound.Legacy;

/// <summary>How far the changes of each legacy row have been followed.</summary>
internal sealed class LegacyStore(NpgsqlDataSource database)
{
    /// <summary>The position up to which a row's changes are in, and its order, both as of one moment.</summary>
    public async Task<(string? Position, StoredOrder? Order)> FindAsync(
        string source, string id, string externalId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select p.position, h.version, h.state from (select 1) one
            left join inbound_positions p on p.source = $1 and p.id = $2
            left join orders o on o.external_id = $3
            left join order_history h on h.order_id = o.id and h.version = o.version
            """);
        command.With(Sql.Text(source), Sql.Text(id), Sql.Text(externalId));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        await rows.ReadAsync(cancel);
        return Read(rows);
    }

    /// <summary>From now on changes up to that position are old.</summary>
    public async Task DoneAsync(string source, string id, string position, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            insert into inbound_positions (source, id, position, at) values ($1, $2, $3, $4)
            on conflict (source, id) do update set position = excluded.position, at = excluded.at
            where inbound_positions.position < excluded.position
            """);
        command.With(Sql.Text(source), Sql.Text(id), Sql.Text(position), Sql.Instant(now));
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static (string? Position, StoredOrder? Order) Read(NpgsqlDataReader row) => (
        row.TextOrNull(0), row.IsDBNull(1) ? null : new StoredOrder(row.GetInt32(1), row.GetFieldValue<byte[]>(2)));
}

using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Inbound.Legacy;

/// <summary>How far the changes of each legacy row have been followed.</summary>
internal sealed class LegacyStore(NpgsqlDataSource database)
{
    /// <summary>The position up to which a row's changes are in, and its order, both as of one moment.</summary>
    public async Task<(string? Position, DateTimeOffset? ChangedAt, StoredOrder? Order)> FindAsync(
        string source, string id, string externalId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select p.position, p.changed_at, h.version, h.state from (select 1) one
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
    public async Task DoneAsync(LegacyChange change, string id, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            insert into inbound_positions (source, id, position, at, changed_at) values ($1, $2, $3, $4, $5)
            on conflict (source, id) do update set position = excluded.position, at = excluded.at, changed_at = excluded.changed_at
            where inbound_positions.position < excluded.position
            """);
        command.With(
            Sql.Text(change.Source), Sql.Text(id), Sql.Text(change.Position), Sql.Instant(now), Sql.Instant(change.ChangedAt));
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static (string? Position, DateTimeOffset? ChangedAt, StoredOrder? Order) Read(NpgsqlDataReader row) => (
        row.TextOrNull(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
        row.IsDBNull(2) ? null : new StoredOrder(row.GetInt32(2), row.GetFieldValue<byte[]>(3)));
}

using Npgsql;
using Orders.Api.Access;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Inbound;

/// <summary>What is known of an order that was asked for with <c>Prefer: respond-async</c>.</summary>
/// <param name="Id"><c>req-</c> and a UUIDv7.</param>
/// <param name="Owner">The id of the key that asked.</param>
/// <param name="CustomerId">The customer whom that key is bound to.</param>
/// <param name="Key">The request's idempotency key, if it had one.</param>
/// <param name="Fingerprint">Of the request.</param>
/// <param name="Status"><c>accepted</c>, <c>placed</c> or <c>refused</c>.</param>
/// <param name="OrderId">The order, once it is placed.</param>
/// <param name="Problem">The problem detail, when it was refused.</param>
/// <param name="CreatedAt">When it was accepted.</param>
/// <param name="DoneAt">When it was placed or refused.</param>
internal sealed record AcceptedRequest(
    string Id, string Owner, string? CustomerId, string? Key, byte[] Fingerprint, string Status, string? OrderId, byte[]? Problem,
    DateTimeOffset CreatedAt, DateTimeOffset? DoneAt)
{
    public const string Accepted = "accepted";
    public const string Placed = "placed";
    public const string Refused = "refused";

    public Caller Caller => new(Owner, CustomerId);

    /// <summary>What the order is placed with: the caller's own key, or one that comes with the request.</summary>
    public IdempotentRequest ToIdempotent() => IdempotentRequest.Known(Owner, Key ?? Id, Fingerprint);
}

/// <summary>
/// The table of accepted requests. Invariant: 202 is answered when the row is committed, and a row is open until its outcome is
/// known, so nothing that was accepted is forgotten, whatever happens to Kafka or to this process.
/// </summary>
internal sealed class OrderRequests(NpgsqlDataSource database)
{
    private const string Columns = "id, owner, customer_id, key, fingerprint, status, order_id, problem, created_at, done_at";

    /// <summary>False when a request with the same key is there already.</summary>
    public async Task<bool> AddAsync(
        string id, Caller caller, IdempotentRequest request, byte[] command, DateTimeOffset now, CancellationToken cancel)
    {
        await using var insert = database.CreateCommand(
            """
            insert into order_requests (id, owner, customer_id, key, fingerprint, status, command, created_at)
            values ($1, $2, $3, $4, $5, 'accepted', $6, $7) on conflict (owner, key) where key is not null do nothing
            """);
        insert.With(
            Sql.Text(id), Sql.Text(caller.KeyId), Sql.Text(caller.CustomerId), Sql.Text(request.HasKey ? request.Key : null),
            Sql.Bytes(request.Fingerprint), Sql.Json(command), Sql.Instant(now));
        return await insert.ExecuteNonQueryAsync(cancel) == 1;
    }

    public Task<AcceptedRequest?> FindAsync(string id, CancellationToken cancel) =>
        OneAsync($"select {Columns} from order_requests where id = $1", [Sql.Text(id)], cancel);

    public Task<AcceptedRequest?> FindAsync(string owner, string key, CancellationToken cancel) =>
        OneAsync($"select {Columns} from order_requests where owner = $1 and key = $2", [Sql.Text(owner), Sql.Text(key)], cancel);

    public async Task SentAsync(IReadOnlyCollection<string> ids, DateTimeOffset now, CancellationToken cancel)
    {
        await using var update = database.CreateCommand("update order_requests set sent_at = $2 where id = any ($1)");
        update.With(Sql.Texts([.. ids]), Sql.Instant(now));
        await update.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Writes the outcome down; the first one stands.</summary>
    public async Task DoneAsync(string id, string? orderId, byte[]? problem, DateTimeOffset now, CancellationToken cancel)
    {
        await using var update = database.CreateCommand(
            """
            update order_requests set status = case when $2::text is null then 'refused' else 'placed' end, order_id = $2, problem = $3,
                done_at = $4
            where id = $1 and status = 'accepted'
            """);
        update.With(Sql.Text(id), Sql.Text(orderId), Sql.Json(problem), Sql.Instant(now));
        await update.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Refuses the request, unless its key says that the order was placed after all.</summary>
    public async Task RefusedAsync(AcceptedRequest request, byte[] problem, DateTimeOffset now, CancellationToken cancel)
    {
        var key = request.ToIdempotent();
        await using var update = database.CreateCommand(
            """
            update order_requests r set status = case when k.order_id is null then 'refused' else 'placed' end, order_id = k.order_id,
                problem = case when k.order_id is null then $4::json end, done_at = $5
            from (select (select order_id from idempotency_keys where owner = $2 and key = $3) as order_id) k
            where r.id = $1 and r.status = 'accepted'
            """);
        update.With(Sql.Text(request.Id), Sql.Text(request.Owner), Sql.Text(key.Key), Sql.Json(problem), Sql.Instant(now));
        await update.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Requests that are open and were not sent since <paramref name="before"/>, oldest first.</summary>
    public async Task<List<(string Id, byte[] Command)>> OpenAsync(DateTimeOffset before, int max, CancellationToken cancel)
    {
        await using var select = database.CreateCommand(
            """
            select id, command from order_requests
            where status = 'accepted' and (sent_at < $1 or (sent_at is null and created_at < $1))
            order by sent_at nulls first, id limit $2
            """);
        select.With(Sql.Instant(before), Sql.Whole(max));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var open = new List<(string, byte[])>();
        while (await rows.ReadAsync(cancel)) open.Add(ReadOpen(rows));
        return open;
    }

    /// <summary>Removes outcomes from before that instant and answers how many.</summary>
    public async Task<int> ForgetAsync(DateTimeOffset before, int max, CancellationToken cancel)
    {
        await using var delete = database.CreateCommand(
            "delete from order_requests where id in (select id from order_requests where done_at < $1 order by done_at limit $2)");
        delete.With(Sql.Instant(before), Sql.Whole(max));
        return await delete.ExecuteNonQueryAsync(cancel);
    }

    private async Task<AcceptedRequest?> OneAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancel)
    {
        await using var select = database.CreateCommand(sql);
        select.With(parameters);
        await using var rows = await select.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel) ? Read(rows) : null;
    }

    private static (string Id, byte[] Command) ReadOpen(NpgsqlDataReader row) => (row.GetString(0), row.GetFieldValue<byte[]>(1));

    private static AcceptedRequest Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), row.GetFieldValue<byte[]>(4), row.GetString(5),
        row.TextOrNull(6), row.IsDBNull(7) ? null : row.GetFieldValue<byte[]>(7), row.GetFieldValue<DateTimeOffset>(8),
        row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9));
}

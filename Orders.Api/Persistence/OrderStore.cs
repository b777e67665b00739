using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>An order at one version, as the bytes that are answered.</summary>
internal readonly record struct StoredOrder(int Version, byte[] Json)
{
    /// <summary>Whether its pieces came from the shelf when it was placed.</summary>
    public bool StockTaken { get; init; }

    /// <summary>Pieces of each line that came from the shelf and are not back; null when nothing but the lifecycle has moved any.</summary>
    public int[]? Taken { get; init; }

    /// <summary>The order with what it took from the shelf: what decisions are made on.</summary>
    public OrderState WithShelf()
    {
        var (order, taken, all) = (OrderBytes.Read(Json), Taken, StockTaken);
        return order with { Items = [.. order.Items.Select((item, i) => item with { Taken = taken is null ? All(item) : taken[i] })] };

        int All(OrderItemState item) => all && order.Status is not (OrderStatus.Cancelled or OrderStatus.Failed)
            ? item.Quantity - (item.Returned ?? 0)
            : 0;
    }
}

/// <summary>
/// Orders in the database. Invariant of every write: order row, lines, history, event, stock, ledger and idempotency key go in
/// one batch with one sync at its end, which Postgres runs as one transaction: all of it or nothing, in one round trip.
/// A change of an order holds only if the order still has the version that it was decided on: the history's primary key
/// refuses a second row of the same version, and with it the whole batch.
/// </summary>
internal sealed class OrderStore(NpgsqlDataSource database)
{
    private const string Current =
        "select h.version, h.state from orders o join order_history h on h.order_id = o.id and h.version = o.version where o.id = $1";

    private const string CurrentWithShelf = """
        select h.version, h.state, o.stock_taken, o.taken
        from orders o join order_history h on h.order_id = o.id and h.version = o.version where o.id = $1
        """;

    /// <summary>The order as it is, or null.</summary>
    public Task<StoredOrder?> FindAsync(string id, CancellationToken cancel) => OneAsync(Current, [Sql.Text(id)], cancel);

    /// <summary>The order at that version, or null.</summary>
    public Task<StoredOrder?> FindAsync(string id, int version, CancellationToken cancel) =>
        OneAsync("select version, state from order_history where order_id = $1 and version = $2", [Sql.Text(id), Sql.Whole(version)],
            cancel);

    /// <summary>The order as it was at that instant; null when it was not placed yet.</summary>
    public Task<StoredOrder?> FindAsync(string id, DateTimeOffset asOf, CancellationToken cancel) => OneAsync(
        "select version, state from order_history where order_id = $1 and at <= $2 order by version desc limit 1",
        [Sql.Text(id), Sql.Instant(asOf)], cancel);

    /// <summary>The id of the order with that external id, or null.</summary>
    public async Task<string?> FindIdAsync(string externalId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select id from orders where external_id = $1");
        command.With(Sql.Text(externalId));
        return (string?)await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>The order as it is, with what it took, and what the request's key led to before, in one round trip.</summary>
    public async Task<(StoredOrder? Order, EarlierReply? Earlier)> FindAsync(
        string id, IdempotentRequest request, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Sql.Command(CurrentWithShelf, Sql.Text(id)));
        if (request.HasKey) batch.BatchCommands.Add(request.Find());
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        StoredOrder? order = await rows.ReadAsync(cancel) ? ReadWithShelf(rows) : null;
        if (!request.HasKey) return (order, null);
        await rows.NextResultAsync(cancel);
        return (order, await EarlierReply.ReadAsync(rows, cancel));
    }

    /// <summary>Writes a decision.</summary>
    /// <param name="change">The decision.</param>
    /// <param name="changeId">Tells this attempt from any other of the same version.</param>
    /// <param name="request">Its idempotency key goes along.</param>
    /// <param name="reply">Status and location that the key is to remember.</param>
    /// <param name="discount">The discount code to count a use of, if its uses are limited.</param>
    /// <param name="cancel">Does not undo what was committed.</param>
    /// <exception cref="NpgsqlException">The database is away; whether the write was done is unknown.</exception>
    public async Task<Written> WriteAsync(
        OrderChange change, Guid changeId, IdempotentRequest request, (int Status, string? Location) reply, string? discount,
        CancellationToken cancel)
    {
        var payload = OrderPayload.Of(change);
        if (ApiLimits.Order.Refusal(change, payload.Event.Length) is { } refusal)
            return new Written(WriteResult.TooLarge, Refusal: refusal);
        await using var batch = database.CreateBatch();
        var commands = batch.BatchCommands;
        // First, so that a duplicate waits here, before it holds anything that others need.
        if (request.HasKey) commands.Add(request.Remember(reply.Status, reply.Location, change.Order));
        OrderRows.Add(commands, change, changeId, payload);
        if (discount is not null) commands.Add(OrderRows.UseCode(change.Order.Id, discount));
        if (change.CodeReturned) commands.Add(Sql.Command("select return_discount($1)", Sql.Text(change.Order.Id)));
        // Last, because everybody who buys the same product waits for these rows.
        if (change.Stock.Count > 0) commands.Add(OrderRows.Stock(change));
        try
        {
            await batch.ExecuteNonQueryAsync(cancel);
            return new Written(WriteResult.Done, payload.State);
        }
        catch (PostgresException error) when (Written.Of(error) is { } refused)
        {
            return refused;
        }
    }

    /// <summary>True when that very attempt was committed, although its reply was lost.</summary>
    public async Task<bool> IsDoneAsync(string id, int version, Guid changeId, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "select exists (select from order_history where order_id = $1 and version = $2 and change_id = $3)");
        command.With(Sql.Text(id), Sql.Whole(version), Sql.Id(changeId));
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>
    /// The connection broke during a write: before the commit, or after it and before its reply. Done if the order's row is there;
    /// otherwise nobody can say, and the caller is told so instead of "try again".
    /// </summary>
    /// <exception cref="OutcomeUnknownException">It is not known whether the write was done.</exception>
    public async Task<Written> AfterBreakAsync(OrderState order, Guid changeId, IdempotentRequest request, CancellationToken cancel)
    {
        try
        {
            if (await IsDoneAsync(order.Id, order.Version, changeId, cancel)) return new Written(WriteResult.Done, OrderBytes.Of(order));
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            // Answered below.
        }

        throw new OutcomeUnknownException(order.Id, request.HasKey);
    }

    public static async Task<StoredOrder?> ReadAsync(NpgsqlDataReader rows, CancellationToken cancel) =>
        await rows.ReadAsync(cancel) ? Read(rows) : null;

    private static StoredOrder Read(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetFieldValue<byte[]>(1));

    private static StoredOrder ReadWithShelf(NpgsqlDataReader row) =>
        Read(row) with { StockTaken = row.GetBoolean(2), Taken = row.IsDBNull(3) ? null : row.GetFieldValue<int[]>(3) };

    private async Task<StoredOrder?> OneAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(sql);
        command.With(parameters);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await ReadAsync(rows, cancel);
    }
}

internal enum WriteResult
{
    Done,

    /// <summary>Another change of the order came first.</summary>
    Overtaken,

    /// <summary>A request with the same idempotency key came first.</summary>
    KeyUsed,

    NumberTaken,
    ExternalIdTaken,
    OutOfStock,
    DiscountUsedUp,

    /// <summary>The order's event would not fit.</summary>
    TooLarge,
}

/// <param name="Result">What became of the write.</param>
/// <param name="Json">The order's bytes, when it was done.</param>
/// <param name="Detail">The product that is out of stock.</param>
/// <param name="Refusal">Why the order is too large.</param>
internal readonly record struct Written(
    WriteResult Result, byte[]? Json = null, string? Detail = null, OrderError.TooLarge? Refusal = null)
{
    /// <summary>The refusals that are expected. All of them mean that nothing was written.</summary>
    public static Written? Of(PostgresException error) => (error.SqlState, error.ConstraintName) switch
    {
        (PostgresErrorCodes.UniqueViolation, "idempotency_keys_pkey") => new Written(WriteResult.KeyUsed),
        (PostgresErrorCodes.UniqueViolation, "orders_number") => new Written(WriteResult.NumberTaken),
        (PostgresErrorCodes.UniqueViolation, "orders_external_id") => new Written(WriteResult.ExternalIdTaken),
        (PostgresErrorCodes.UniqueViolation, "order_history_pkey" or "orders_pkey") => new Written(WriteResult.Overtaken),
        (PostgresErrorCodes.NotNullViolation, _) when error.TableName == "order_history" => new Written(WriteResult.Overtaken),
        (PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure, _) => new Written(WriteResult.Overtaken),
        ("OR001", _) => new Written(WriteResult.OutOfStock, Detail: error.MessageText),
        ("OR002", _) => new Written(WriteResult.DiscountUsedUp),
        _ => null,
    };
}

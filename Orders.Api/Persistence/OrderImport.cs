using Npgsql;
using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Persistence;

/// <summary>An order that was lived elsewhere and is to come in as it is.</summary>
/// <param name="line">Where it stands in what it came with; tells it from any other of the same import.</param>
/// <param name="order">The order.</param>
/// <param name="renumber">Gives the order another number, the one of that attempt; null when it has to keep the one that it has.</param>
internal sealed class ImportedOrder(long line, OrderState order, Func<OrderState, int, string>? renumber)
{
    private int _attempt;

    public long Line => line;

    public OrderState Order { get; private set; } = order;

    /// <summary>The bytes that are stored and answered.</summary>
    public byte[] Json { get; private set; } = OrderBytes.Of(order);

    public bool MayRenumber => renumber is not null;

    /// <summary>What became of it; settled by <see cref="OrderImporter"/>.</summary>
    public ImportOutcome Outcome { get; private set; }

    /// <summary>Why it was refused.</summary>
    public ImportRefusal? Refusal { get; private set; }

    public void Settle(ImportOutcome outcome) => (Outcome, Refusal) = (outcome, null);

    public void Refuse(string code, string field, string reason) =>
        (Outcome, Refusal) = (ImportOutcome.Rejected, new ImportRefusal(code, new FieldError(field, reason)));

    public void Renumber() => Renumber(renumber!(Order, ++_attempt));

    public void Renumber(string number)
    {
        Order = Order with { Number = number };
        Json = OrderBytes.Of(Order);
    }
}

internal enum ImportOutcome
{
    /// <summary>Not written yet.</summary>
    Open,

    /// <summary>The order is in, with its event.</summary>
    Accepted,

    /// <summary>The very same order was there before.</summary>
    Unchanged,

    Rejected,
}

/// <param name="Code">Stable.</param>
/// <param name="Error">What is in the way.</param>
internal sealed record ImportRefusal(string Code, FieldError Error)
{
    public const string Exists = "exists_with_other_content";
    public const string NumberTaken = "number_taken";
    public const string ByDatabase = "refused_by_database";
    public const string Contended = "contended";
}

/// <summary>
/// Writes orders in batches, by COPY. Invariants: an order goes in with its lines, its history and its event in one transaction, or not
/// at all; an order that is there is never touched; writing the same orders again, by anybody and at the same time, changes nothing.
/// Whoever writes many goes by their ids in order, so that two who write the same ones wait for each other instead of locking up.
/// </summary>
internal sealed class OrderImporter(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Times that a batch is looked at again because others were first; after that its orders go one by one.</summary>
    private const int RacesMax = 5;

    private const string SelectKnown = """
        select id, number, external_id from orders where id = any ($1)
        union all select id, number, external_id from orders where external_id = any ($2)
        union all select id, number, external_id from orders where number = any ($3)
        """;

    // Compared here instead of fetched: what is stored may be long, and nobody wants to see it.
    private const string SelectSame = """
        select w.index, h.state::text = w.state, h.change_id = w.change_id
        from unnest($1::integer[], $2::text[], $3::integer[], $4::text[], $5::uuid[]) w (index, id, version, state, change_id)
        join order_history h on h.order_id = w.id and h.version = w.version
        """;

    /// <summary>Settles every one of the orders.</summary>
    /// <param name="orders">Orders of one import.</param>
    /// <param name="importId">
    /// The import. When the database breaks off and the same orders are written again, those that had gone in count as accepted.
    /// </param>
    /// <param name="cancel">What is committed stays.</param>
    /// <exception cref="NpgsqlException">The database is away: the same call can be repeated.</exception>
    public async Task WriteAsync(IReadOnlyCollection<ImportedOrder> orders, Guid importId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        // Of two that share an id, the first line goes first; the second then meets it as any other that is there.
        for (var rest = orders.ToList(); rest.Count > 0;)
        {
            var (first, later) = Part(rest);
            await StoreAsync(connection, first, importId, cancel);
            rest = later;
        }
    }

    private static (List<ImportedOrder> First, List<ImportedOrder> Later) Part(List<ImportedOrder> orders)
    {
        var ids = new HashSet<string>(orders.Count, StringComparer.Ordinal);
        var externalIds = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<string>(orders.Count, StringComparer.Ordinal);
        var (first, later) = (new List<ImportedOrder>(orders.Count), new List<ImportedOrder>());
        foreach (var entry in orders)
        {
            var order = entry.Order;
            var isAlone = ids.Add(order.Id) & numbers.Add(order.Number)
                & (order.ExternalId is null || externalIds.Add(order.ExternalId));
            (isAlone ? first : later).Add(entry);
        }

        return (first, later);
    }

    private async Task StoreAsync(NpgsqlConnection connection, List<ImportedOrder> orders, Guid importId, CancellationToken cancel)
    {
        for (var race = 0; race < RacesMax; race++)
        {
            orders = await NewOnesAsync(connection, orders, importId, cancel);
            if (orders.Count == 0) return;
            try
            {
                await CopyAsync(connection, orders, importId, cancel);
                foreach (var entry in orders) entry.Settle(ImportOutcome.Accepted);
                return;
            }
            catch (PostgresException error) when (IsRace(error))
            {
                // Somebody wrote one of them meanwhile: now it can be seen.
            }
            catch (PostgresException error) when (IsRefusal(error))
            {
                if (orders.Count == 1) orders[0].Refuse(ImportRefusal.ByDatabase, error.ColumnName ?? "line", Reason(error));
                else await HalvesAsync(connection, orders, importId, cancel);
                return;
            }
        }

        if (orders.Count > 1) await HalvesAsync(connection, orders, importId, cancel);
        else orders[0].Refuse(ImportRefusal.Contended, "line", "others kept writing the same order; send it again");
    }

    /// <summary>One that the database refuses must not take the others along.</summary>
    private async Task HalvesAsync(NpgsqlConnection connection, List<ImportedOrder> orders, Guid importId, CancellationToken cancel)
    {
        await StoreAsync(connection, orders[..(orders.Count / 2)], importId, cancel);
        await StoreAsync(connection, orders[(orders.Count / 2)..], importId, cancel);
    }

    /// <summary>Those that are not there yet; the others are settled.</summary>
    private static async Task<List<ImportedOrder>> NewOnesAsync(
        NpgsqlConnection connection, List<ImportedOrder> orders, Guid importId, CancellationToken cancel)
    {
        while (true)
        {
            var known = await KnownOrders.FindAsync(connection, SelectKnown, orders, cancel);
            var (fresh, there) = (new List<ImportedOrder>(orders.Count), new List<ImportedOrder>());
            var renumbered = false;
            foreach (var entry in orders)
            {
                var order = entry.Order;
                if (known.NumberOf(order.Id) is { } number)
                {
                    if (entry.MayRenumber && number != order.Number) entry.Renumber(number);
                    there.Add(entry);
                }
                else if (order.ExternalId is { } externalId && known.HolderOf(externalId) is { } holder)
                    entry.Refuse(ImportRefusal.Exists, "external_id", $"order {holder} has it and differs");
                else if (known.HasNumber(order.Number) && !entry.MayRenumber)
                    entry.Refuse(ImportRefusal.NumberTaken, "number", "another order has it");
                else
                {
                    if (known.HasNumber(order.Number))
                    {
                        entry.Renumber();
                        renumbered = true;
                    }

                    fresh.Add(entry);
                }
            }

            if (there.Count > 0) await CompareAsync(connection, there, importId, cancel);
            if (!renumbered) return fresh;
            orders = fresh;
        }
    }

    /// <summary>Whether what is there was, at that version, what the line says.</summary>
    private static async Task CompareAsync(
        NpgsqlConnection connection, List<ImportedOrder> there, Guid importId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(SelectSame, connection);
        command.With(
            Sql.Wholes([.. Enumerable.Range(0, there.Count)]), Sql.Texts([.. there.Select(entry => entry.Order.Id)]),
            Sql.Wholes([.. there.Select(entry => entry.Order.Version)]),
            Sql.Texts([.. there.Select(entry => System.Text.Encoding.UTF8.GetString(entry.Json))]),
            Sql.Ids([.. there.Select(entry => ChangeId(importId, entry.Line))]));
        foreach (var entry in there)
        {
            var field = entry.Order.ExternalId is null ? "id" : "external_id";
            entry.Refuse(ImportRefusal.Exists, field, $"order {entry.Order.Id} is there and differs");
        }

        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            if (!rows.GetBoolean(1)) continue;
            // Our own, if the database broke off after it had gone in.
            there[rows.GetInt32(0)].Settle(rows.GetBoolean(2) ? ImportOutcome.Accepted : ImportOutcome.Unchanged);
        }
    }

    private async Task CopyAsync(NpgsqlConnection connection, List<ImportedOrder> orders, Guid importId, CancellationToken cancel)
    {
        orders.Sort(static (one, other) => string.CompareOrdinal(one.Order.Id, other.Order.Id));
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await OrderImportRows.CopyAsync(connection, orders, entry => ChangeId(importId, entry.Line), time.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Which line of which import wrote a row of the history.</summary>
    private static Guid ChangeId(Guid importId, long line)
    {
        Span<byte> id = stackalloc byte[16];
        importId.TryWriteBytes(id, bigEndian: true, out _);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(id[8..], line);
        return new Guid(id, bigEndian: true);
    }

    private static bool IsRace(PostgresException error) =>
        error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "orders_pkey" or "orders_number" or "orders_external_id" }
        || error.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>Classes 22 and 23: something about a row, however good it looked.</summary>
    private static bool IsRefusal(PostgresException error) =>
        error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal);

    private static string Reason(PostgresException error) => error.ConstraintName switch
    {
        "order_refunds_pkey" => "another order has a refund with that id",
        "order_shipments_pkey" => "another order has a shipment with that id",
        { } name => $"is refused by {name}",
        null => error.MessageText,
    };
}

/// <summary>Which orders are there already, of those that are asked for.</summary>
internal sealed class KnownOrders
{
    private readonly Dictionary<string, string> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public static async Task<KnownOrders> FindAsync(
        NpgsqlConnection connection, string sql, List<ImportedOrder> orders, CancellationToken cancel)
    {
        var known = new KnownOrders();
        await using var command = new NpgsqlCommand(sql, connection);
        command.With(
            Sql.Texts([.. orders.Select(entry => entry.Order.Id)]),
            Sql.Texts([.. orders.Select(entry => entry.Order.ExternalId).OfType<string>()]),
            Sql.Texts([.. orders.Select(entry => entry.Order.Number)]));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            var (id, number) = (rows.GetString(0), rows.GetString(1));
            known._numbers[id] = number;
            known._taken.Add(number);
            if (rows.TextOrNull(2) is { } externalId) known._holders[externalId] = id;
        }

        return known;
    }

    /// <summary>The number of the order with that id, if there is one.</summary>
    public string? NumberOf(string id) => _numbers.GetValueOrDefault(id);

    /// <summary>The order that has that external id, if there is one.</summary>
    public string? HolderOf(string externalId) => _holders.GetValueOrDefault(externalId);

    public bool HasNumber(string number) => _taken.Contains(number);
}

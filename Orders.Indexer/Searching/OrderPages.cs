using System.Globalization;
using System.Text.Json;
using Npgsql;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.Indexer.Searching;

/// <summary>Orders as the database has them: the newest state of each, which the history keeps as the bytes of its event.</summary>
internal sealed class OrderPages(NpgsqlDataSource database, HotWindow window, TimeProvider time)
{
    private const string Hot = "(o.placed_at >= $1 or o.status = any($2))";

    private const string Newest = "join order_history h on h.order_id = o.id and h.version = o.version";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Orders that belong into the search index, by id, behind <paramref name="afterId"/>.</summary>
    public async Task<List<OrderState>> HotAsync(string afterId, int count, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand(
            $"select h.state from orders o {Newest} where o.id > $3 and {Hot} order by o.id limit $4");
        Add(command, window.Since, HotWindow.Open, afterId, count);
        return await ReadAsync(command, cancel);
    }

    public async Task<long> CountHotAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"select count(*) from orders o where {Hot}");
        Add(command, window.Since, HotWindow.Open);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Those of the orders that are there, in no order.</summary>
    public async Task<List<OrderState>> OfAsync(string[] orderIds, CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"select h.state from orders o {Newest} where o.id = any($1)");
        Add(command, (object)orderIds);
        return await ReadAsync(command, cancel);
    }

    /// <summary>As <see cref="OfAsync"/>, with the bytes that are answered.</summary>
    public async Task<List<(OrderState State, byte[] Json)>> BytesOfAsync(string[] orderIds, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var command = database.CreateCommand($"select h.state from orders o {Newest} where o.id = any($1)");
        Add(command, (object)orderIds);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var orders = new List<(OrderState, byte[])>();
        while (await rows.ReadAsync(cancel)) orders.Add((Read(rows), Bytes(rows)));
        return orders;
    }

    /// <summary>
    /// Returns when everything that had been written to the log by now can be read: the log, and with it Kafka, may show a transaction
    /// a moment before other transactions do.
    /// </summary>
    public async Task SeeAllAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var next = database.CreateCommand("select pg_snapshot_xmax(pg_current_snapshot())::text");
        var end = (string)(await next.ExecuteScalarAsync(cancel))!;
        await using var seen = database.CreateCommand(string.Create(
            CultureInfo.InvariantCulture, $"select pg_snapshot_xmin(pg_current_snapshot()) >= '{end}'::xid8"));
        while (!(bool)(await seen.ExecuteScalarAsync(cancel))!) await Task.Delay(LookAgain, time, cancel);
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
    }

    private static async Task<List<OrderState>> ReadAsync(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var orders = new List<OrderState>();
        while (await rows.ReadAsync(cancel)) orders.Add(Read(rows));
        return orders;
    }

    private static byte[] Bytes(NpgsqlDataReader row) => row.GetFieldValue<byte[]>(0);

    private static OrderState Read(NpgsqlDataReader row) => JsonSerializer.Deserialize(Bytes(row), OrdersJson.Default.OrderState)!;
}

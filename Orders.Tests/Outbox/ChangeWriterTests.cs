using Microsoft.Extensions.Logging;
using Npgsql;
using Orders.Api.Outbox;
using Orders.Tests.Support;

namespace Orders.Tests.Outbox;

/// <summary>What was published is numbered in commit order, in a database of its own, whose feed nobody else writes.</summary>
public sealed class ChangeWriterTests(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Events_without_orders_are_passed_over_all_at_once()
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        var row = await RowAsync();
        foreach (var id in new[] { "ord-a", "ord-b" }) await InsertAsync(database.Source, row, id);
        var told = new Warnings();
        await using var writer = new ChangeWriter(database.Connection, TimeSpan.FromMilliseconds(5), TimeProvider.System, told);
        var transaction = uint.Parse(await database.Source.ScalarAsync<string>("select pg_current_xact_id()::text"), null);
        List<string> ids = ["ord-a", .. Enumerable.Range(0, 3000).Select(i => $"ord-gone-{i}"), "ord-b", "ord-gone"];

        await writer.WriteAsync([.. ids.Select((id, i) => Event(id, i + 1, transaction))], CancellationToken.None);

        Assert.Equal(["1 ord-a", "2 ord-b"], await FeedAsync(database));
        Assert.Equal("3001 events were published whose orders do not exist: they have no place in the feed. "
            + "The first is order ord-gone-0 version 1", Assert.Single(told.Texts));
    }

    [Fact]
    public async Task An_order_whose_commit_is_not_seen_yet_is_waited_for_and_so_is_all_behind_it()
    {
        await using var database = await EmptyDatabase.CreateAsync(app);
        var row = await RowAsync();
        await InsertAsync(database.Source, row, "ord-b");
        await using var writer = new ChangeWriter(database.Connection, TimeSpan.FromMilliseconds(5), TimeProvider.System, new Warnings());
        await using var slow = await database.Source.OpenConnectionAsync();
        await using var transaction = await slow.BeginTransactionAsync();
        await InsertAsync(slow, row, "ord-a");
        await using var ask = new NpgsqlCommand("select pg_current_xact_id()::text", slow);
        var id = uint.Parse((string)(await ask.ExecuteScalarAsync())!, null);

        var writing = writer.WriteAsync([Event("ord-a", 1, id), Event("ord-b", 2, id - 1)], CancellationToken.None);
        await Eventually.Is(async () => await database.Source.ScalarAsync<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and query like 'select t from unnest%'") == 1,
            "the writer has looked for the transaction");
        Assert.Empty(await FeedAsync(database));
        Assert.False(writing.IsCompleted);
        await transaction.CommitAsync();
        await writing;

        Assert.Equal(["1 ord-a", "2 ord-b"], await FeedAsync(database));
    }

    private static Task<List<string>> FeedAsync(EmptyDatabase database) => database.Source.ListAsync<string>(
        "select position || ' ' || order_id from order_changes order by position");

    /// <summary>A real order's rows as JSON.</summary>
    private async Task<string> RowAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        return await app.Database.ScalarAsync<string>(
            """
            select json_build_object('order', o, 'history', h)::text
            from orders o join order_history h on h.order_id = o.id where o.id = $1
            """, order.Id);
    }

    private static async Task InsertAsync(NpgsqlDataSource database, string row, string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        await InsertAsync(connection, row, id);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, string row, string id)
    {
        await using var insert = new NpgsqlCommand(
            """
            with o as (insert into orders select (jsonb_populate_record(null::orders,
                $1::jsonb -> 'order' || jsonb_build_object('id', $2, 'number', $2))).* returning id)
            insert into order_history select (jsonb_populate_record(null::order_history,
                $1::jsonb -> 'history' || jsonb_build_object('order_id', $2))).*
            """, connection);
        insert.Parameters.Add(new() { Value = row });
        insert.Parameters.Add(new() { Value = id });
        await insert.ExecuteNonQueryAsync();
    }

    private static InFlightEvent Event(string id, long position, uint transaction) =>
        new(new OutboxEvent(position, id, 1, "orders.placed", null, []), transaction, null)
        {
            Delivery = new Delivery(0, position, TimeProvider.System.GetUtcNow()),
        };

    private sealed class Warnings : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning) Texts.Add(formatter(state, exception));
        }
    }
}

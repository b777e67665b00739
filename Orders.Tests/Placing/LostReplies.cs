using Npgsql;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;
using Orders.Tests.Support;

namespace Orders.Tests.Placing;

/// <summary>The connection to the database breaks when a write is on its way: before it arrives, or before its reply does.</summary>
public sealed class LostReplies(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_commit_whose_reply_is_lost_is_found_to_be_done()
    {
        await using var proxy = new DatabaseProxy(app.DatabaseConnection);
        await using var database = NpgsqlDataSource.Create(proxy.Connection);
        var (store, change, id) = await ReadyAsync(database);
        proxy.LoseReplies();
        await BreaksAsync(store, change, id);
        await Eventually.Is(async () => await VersionAsync(change) == 2, "the write has arrived");

        proxy.Mend();
        var written = await store.AfterBreakAsync(change.Order, id, Request, CancellationToken.None);

        Assert.Equal(WriteResult.Done, written.Result);
        Assert.Equal(Shop.Json(change.Order), System.Text.Encoding.UTF8.GetString(written.Json!));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task When_the_database_stays_away_nobody_says_that_nothing_was_done(bool arrives, int version)
    {
        await using var proxy = new DatabaseProxy(app.DatabaseConnection);
        await using var database = NpgsqlDataSource.Create(proxy.Connection);
        var (store, change, id) = await ReadyAsync(database);
        if (arrives) proxy.LoseReplies();
        else proxy.Cut();
        await BreaksAsync(store, change, id);
        await Eventually.Is(async () => await VersionAsync(change) == version, "the write has arrived, or not");
        proxy.Cut();

        var unknown = await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => store.AfterBreakAsync(change.Order, id, Request, CancellationToken.None));

        Assert.Equal((change.Order.Id, true), (unknown.OrderId, unknown.HasKey));
        Assert.Equal(version, await VersionAsync(change));
    }

    [Fact]
    public async Task A_write_that_never_arrived_is_not_called_done()
    {
        await using var proxy = new DatabaseProxy(app.DatabaseConnection);
        await using var database = NpgsqlDataSource.Create(proxy.Connection);
        var (store, change, id) = await ReadyAsync(database);
        proxy.Cut();
        await BreaksAsync(store, change, id);
        proxy.Mend();

        await Assert.ThrowsAsync<OutcomeUnknownException>(
            () => store.AfterBreakAsync(change.Order, id, Request, CancellationToken.None));
        Assert.Equal(1, await VersionAsync(change));
    }

    private static IdempotentRequest Request => new("tests", Guid.NewGuid().ToString(), "x"u8);

    /// <summary>A placed order, the decision to confirm it, and a connection in the pool.</summary>
    private async Task<(OrderStore Store, OrderChange Change, Guid Id)> ReadyAsync(NpgsqlDataSource database)
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var store = new OrderStore(database);
        Assert.NotNull(await store.FindAsync(order.Id, CancellationToken.None));
        return (store, order.Confirm(order.UpdatedAt.AddSeconds(1)).Value!, Guid.CreateVersion7());
    }

    private static async Task BreaksAsync(OrderStore store, OrderChange change, Guid id)
    {
        var error = await Assert.ThrowsAnyAsync<NpgsqlException>(
            () => store.WriteAsync(change, id, Request, (200, null), null, CancellationToken.None));
        Assert.True(ExceptionReplies.IsDatabaseAway(error));
    }

    private Task<int> VersionAsync(OrderChange change) =>
        app.Database.ScalarAsync<int>("select version from orders where id = $1", change.Order.Id);
}

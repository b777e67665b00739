using Orders.Contracts;
using Orders.Tests.Analytics;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

public sealed class ReplayingIntoAnalytics(OrdersApplication app) : StormTests
{
    private const int Many = 2000;
    private const string Replay = "/v1/admin/replay";

    [Theory]
    [InlineData("orders")]
    [InlineData("time")]
    [InlineData("all")]
    public async Task Orders_are_written_into_the_facts_once_more_whatever_is_there(string by)
    {
        var (shop, product) = (await Shop.OpenAsync(app), "");
        product = await shop.AddProductAsync();
        var orders = new[] { await shop.PlaceAsync((product, 2)), await shop.PaidAsync((product, 1)), await shop.PlaceAsync((product, 3)) };
        await Eventually.Holds(() => Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId));
        await SpoilAsync("update analytics.order_facts set total = total + 1, version = version + 7 where order_id = $1", orders[0]);
        await SpoilAsync("delete from analytics.order_facts where order_id = $1", orders[1]);
        await SpoilAsync("update analytics.order_item_facts set category = 'spoilt' where order_id = $1", orders[2]);

        var result = await app.RunAsync(Replay, by switch
        {
            "orders" => new { to = "analytics", orders = orders.Select(order => order.Id) },
            "time" => new { to = "analytics", from = orders[0].PlacedAt, until = orders[2].PlacedAt.AddMicroseconds(1) },
            _ => (object)new { to = "analytics", all = true },
        });

        Assert.InRange(result.GetProperty("replayed").GetInt64(), 3, long.MaxValue);
        if (by == "orders") Assert.Equal(3, result.GetProperty("replayed").GetInt64());
        await Recount.FactsEqualOrdersAsync(app.Database, shop.CustomerId);
        await Recount.EqualsFactsAsync(app.Database);
        // Past the topic: nobody else hears of it.
        Assert.Equal([1], await app.DeliveredVersionsAsync(orders[0].Id));
    }

    [Fact]
    public async Task A_replay_whose_indexers_are_killed_goes_on_where_it_was()
    {
        var shop = await app.FilledWithFactsAsync(Many);
        // Removed without the sums, so that every page has much to do.
        Assert.Equal(Many + 1, await app.ExecuteAsync("delete from analytics.order_facts where customer_id = $1", shop.CustomerId));
        var total = await app.Database.ScalarAsync<long>("select count(*) from orders");
        var job = await app.AskAsync(Replay, new { to = "analytics", all = true });
        await Eventually.Get(() => FactsAsync(shop), facts => facts >= 300, "some pages are done");

        // Both, because either may be at it.
        string[] killed = [await app.KillAsync("indexer"), await app.KillAsync("indexer")];
        var left = await app.JobAsync(SearchState.Id(job));
        Assert.InRange(await FactsAsync(shop), 300, Many);
        Assert.InRange(left.GetProperty("progress").GetProperty("replayed").GetInt64(), 1, total - 1);
        foreach (var instance in killed) await app.StartAgainAsync(instance);
        var done = await app.DoneAsync(job);

        Assert.InRange(done.GetProperty("attempts").GetInt32(), 2, 20);
        Assert.Equal(total, done.GetProperty("result").GetProperty("replayed").GetInt64());
        Assert.Equal(Many + 1, await FactsAsync(shop));
        Assert.Equal(0, await app.FactsOffAsync(shop));
        await Recount.EqualsFactsAsync(app.Database);
    }

    private Task<long> FactsAsync(Shop shop) =>
        app.Database.ScalarAsync<long>("select count(*) from analytics.order_facts where customer_id = $1", shop.CustomerId);

    private async Task SpoilAsync(string sql, OrderState order) => Assert.True(await app.ExecuteAsync(sql, order.Id) > 0, sql);
}

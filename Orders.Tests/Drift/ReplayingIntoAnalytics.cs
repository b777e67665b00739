using Orders.Contracts;
using Orders.Tests.Analytics;
using Orders.Tests.LongWork;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

public sealed class ReplayingIntoAnalytics(OrdersApplication app) : StormTests
{
    private const int Many = 400;
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
    public async Task A_replay_whose_process_died_is_gone_on_with_where_it_was()
    {
        var shop = await app.FilledWithFactsAsync(Many);
        // Removed without the sums, so that every page has much to do.
        Assert.Equal(Many + 1, await app.ExecuteAsync("delete from analytics.order_facts where customer_id = $1", shop.CustomerId));
        var from = await app.Database.ScalarAsync<DateTime>("select min(placed_at) from orders where customer_id = $1", shop.CustomerId);
        var wanted = new { to = "analytics", from, until = from.AddMicroseconds(1) };

        var job = await AbandonedJob.LeaveAsync(
            app, WireNames.Jobs.Replay, wanted, now => AbandonedJob.Progress(now, "replayed") >= 40);
        var left = AbandonedJob.Progress(job.Left, "replayed");
        Assert.InRange(left, 40, Many);
        Assert.InRange(await FactsAsync(shop), left - 20, Many);
        // What it has done already is not done again: the page that was saved last is over.
        Assert.True(await app.ExecuteAsync(
            """
            update analytics.order_facts set version = 99 where order_id =
                (select order_id from analytics.order_facts where customer_id = $1 order by placed_at, order_id collate "C" limit 1)
            """, shop.CustomerId) == 1);
        var done = await job.TakenOverAsync();

        Assert.Equal(Many + 1, done.GetProperty("result").GetProperty("replayed").GetInt64());
        Assert.Equal(Many + 1, await FactsAsync(shop));
        Assert.Equal(1, await app.FactsOffAsync(shop));
        await app.RunAsync(Replay, wanted);
        Assert.Equal(0, await app.FactsOffAsync(shop));
        await Recount.EqualsFactsAsync(app.Database);
    }

    private Task<long> FactsAsync(Shop shop) =>
        app.Database.ScalarAsync<long>("select count(*) from analytics.order_facts where customer_id = $1", shop.CustomerId);

    private async Task SpoilAsync(string sql, OrderState order) => Assert.True(await app.ExecuteAsync(sql, order.Id) > 0, sql);
}

using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.LongWork;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

public sealed class RebuildingAnalytics(OrdersApplication app) : StormTests
{
    private const int Many = 1200;
    private const string Rebuild = "/v1/admin/analytics/rebuild";

    [Fact]
    public async Task A_rebuild_whose_process_died_goes_on_where_it_was_and_ends_equal_to_the_orders()
    {
        var shop = await app.FilledWithFactsAsync(Many);
        await SpoilAsync(shop);

        var job = await AbandonedJob.LeaveAsync(
            app, WireNames.Jobs.AnalyticsRebuild, new { }, now => AbandonedJob.Progress(now, "orders") >= 40);
        Assert.Equal("orders", Phase(job.Left));
        Assert.InRange(Orders(job.Left), 40, job.Left.GetProperty("progress").GetProperty("total").GetInt64() - 1);
        // While it goes on, orders are placed.
        var order = await shop.PaidAsync((await shop.AddProductAsync(), 3));
        var done = await job.TakenOverAsync();

        Assert.InRange(done.GetProperty("result").GetProperty("orders").GetInt64(), Many, long.MaxValue);
        await Eventually.Get(() => app.FactsOffAsync(shop), off => off == 0, "the facts equal the orders");
        Assert.Equal(order.Version, await app.Database.ScalarAsync<int>(
            "select version from analytics.order_facts where order_id = $1", order.Id));
        await Recount.EqualsFactsAsync(app.Database);
    }

    [Fact]
    public async Task A_rebuild_that_is_cancelled_ends_between_two_pages_and_the_next_one_mends_all()
    {
        var shop = await app.FilledWithFactsAsync(Many);
        await SpoilAsync(shop);
        var job = await app.AskAsync(Rebuild);
        await Eventually.Get(() => app.JobAsync(SearchState.Id(job)), now => Orders(now) >= 100, "a page is done");

        await Shop.Ok(await app.Api.PostAsync($"/v1/admin/jobs/{SearchState.Id(job)}/cancel", null));

        var ended = await Eventually.Get(
            () => app.JobAsync(SearchState.Id(job)), now => SearchState.State(now) is not ("running" or "queued"), "it has ended");
        Assert.Equal(("cancelled", "orders"), (SearchState.State(ended), Phase(ended)));
        await app.RunAsync(Rebuild);
        Assert.Equal(0, await app.FactsOffAsync(shop));
        await Recount.EqualsFactsAsync(app.Database);
    }

    /// <summary>Whatever the customer has is wrong in one way or another.</summary>
    private async Task SpoilAsync(Shop shop)
    {
        await app.ExecuteAsync("update analytics.order_facts set total = total + 1 where customer_id = $1", shop.CustomerId);
        await app.ExecuteAsync(
            "delete from analytics.order_facts where customer_id = $1 and left(md5(order_id), 1) < '4'", shop.CustomerId);
        Assert.InRange(await app.FactsOffAsync(shop), Many, Many + 1);
    }

    private static string? Phase(JsonElement job) => job.GetProperty("progress").GetProperty("phase").GetString();

    private static long Orders(JsonElement job) =>
        job.TryGetProperty("progress", out var progress) ? progress.GetProperty("orders").GetInt64() : 0;
}

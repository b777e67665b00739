using System.Net;
using System.Net.Http.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class CancellingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_cancelled_order_is_cancelled_everywhere()
    {
        var shop = await Shop.OpenAsync(app);
        var placed = await shop.PlaceAsync((await shop.AddProductAsync(), 1));

        var reply = await app.Api.PostAsJsonAsync($"/v1/orders/{placed.Id}/cancel", new { reason = "changed my mind" });
        await Shop.Expect(reply, HttpStatusCode.OK);
        var cancelled = Shop.Read(await reply.Content.ReadAsByteArrayAsync());

        Assert.Equal((OrderStatus.Cancelled, 2, "changed my mind"), (cancelled.Status, cancelled.Version, cancelled.Reason));
        Assert.Equal(cancelled.UpdatedAt, cancelled.CancelledAt);
        Assert.Equal("cancelled", await app.Database.ScalarAsync<string>("select status from orders where id = $1", placed.Id));
        Assert.Equal(["placed", "cancelled"],
            await app.Database.ListAsync<string>(
            "select status from order_history where order_id = $1 order by version", placed.Id));
        Assert.Equal(["orders.placed", "orders.cancelled"],
            await app.Database.ListAsync<string>(
            "select type from outbox where order_id = $1 order by position", placed.Id));
        Assert.Equal(Shop.Json(cancelled), await shop.GetTextAsync(placed.Id));
        Assert.Equal(OrderStatus.Cancelled, Assert.Single(await shop.FoundAsync(cancelled)).Status);
    }

    [Fact]
    public async Task Cancelling_twice_is_refused_and_changes_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var placed = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{placed.Id}/cancel", null));
        var before = await shop.GetTextAsync(placed.Id);

        var second = await app.Api.PostAsync($"/v1/orders/{placed.Id}/cancel", null);

        await Shop.Expect(second, HttpStatusCode.Conflict);
        Assert.Equal("/problems/illegal_move", await Problem.TypeAsync(second));
        Assert.Equal(before, await shop.GetTextAsync(placed.Id));
        Assert.Equal(2, await app.Database.ScalarAsync<long>("select count(*) from order_history where order_id = $1", placed.Id));
    }

    [Fact]
    public async Task Of_many_concurrent_cancellations_one_wins()
    {
        var shop = await Shop.OpenAsync(app);
        var placed = await shop.PlaceAsync((await shop.AddProductAsync(), 1));

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.Api.PostAsync($"/v1/orders/{placed.Id}/cancel", null)));

        Assert.Equal(1, replies.Count(reply => reply.StatusCode == HttpStatusCode.OK));
        Assert.Equal(15, replies.Count(reply => reply.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal([1, 2], await app.Database.ListAsync<int>(
            "select version from outbox where order_id = $1 order by position", placed.Id));
    }
}

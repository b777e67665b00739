using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Searching;
using Orders.Tests.Support;

namespace Orders.Tests.Drift;

public sealed class ReplayingOrders(OrdersApplication app) : StormTests
{
    private const string Replay = "/v1/admin/replay";

    [Theory]
    [InlineData("topic", true, true)]
    [InlineData("search", true, false)]
    [InlineData("cache", false, true)]
    public async Task An_order_is_written_once_more_where_it_is_sent_to_although_the_version_is_known(string to, bool search, bool cache)
    {
        var (_, order) = await PlacedAsync();
        await SpoilAsync(order);

        var invented = "ord-" + Guid.CreateVersion7();

        var result = await app.RunAsync(Replay, new { to, orders = new[] { order.Id, invented } });

        Assert.Equal(1, result.GetProperty("replayed").GetInt64());
        Assert.Equal([invented], result.GetProperty("not_found").EnumerateArray().Select(id => id.GetString()));
        if (search) await Eventually.Is(async () => !await IsSpoiltInSearchAsync(order), "search has the order as it is");
        if (cache) await Eventually.Is(async () => !await IsSpoiltInCacheAsync(order), "the cache has the order as it is");
        Assert.Equal((!search, !cache), (await IsSpoiltInSearchAsync(order), await IsSpoiltInCacheAsync(order)));
        Assert.Equal(to == "topic" ? [1, 1] : [1], await app.DeliveredVersionsAsync(order.Id));
        // What is sent again has no second place in the feed.
        await Eventually.Get(() => app.Database.ScalarAsync<long>(
            "select count(*) from order_changes where order_id = $1", order.Id), changes => changes == 1, "one change");
    }

    [Fact]
    public async Task A_range_of_time_takes_the_orders_that_were_placed_in_it()
    {
        var (shop, before) = await PlacedAsync();
        var product = await shop.AddProductAsync();
        var inside = await shop.PlaceAsync((product, 1));
        var changed = await shop.DoAsync(await shop.PlaceAsync((product, 1)), "confirm");
        var after = await shop.PlaceAsync((product, 1));

        var result = await app.RunAsync(Replay, new { to = "topic", from = inside.PlacedAt, until = after.PlacedAt });

        Assert.Equal(2, result.GetProperty("replayed").GetInt64());
        await Eventually.Get(() => app.DeliveredVersionsAsync(changed.Id), versions => versions is [1, 2, 2], "the newest version twice");
        await Eventually.Get(() => app.DeliveredVersionsAsync(inside.Id), versions => versions is [1, 1], "it is there twice");
        Assert.Equal([1], await app.DeliveredVersionsAsync(before.Id));
        Assert.Equal([1], await app.DeliveredVersionsAsync(after.Id));
    }

    [Fact]
    public async Task Everything_can_be_replayed()
    {
        var (_, order) = await PlacedAsync();
        await SpoilAsync(order);

        var result = await app.RunAsync(Replay, new { to = "search", all = true });

        Assert.Equal(await app.Database.ScalarAsync<long>("select count(*) from orders"), result.GetProperty("replayed").GetInt64());
        Assert.False(await IsSpoiltInSearchAsync(order));
        Assert.True(await IsSpoiltInCacheAsync(order));
    }

    [Theory]
    [InlineData("""{"to":"search"}""", "body")]
    [InlineData("""{"to":"search","all":true,"from":"2026-01-01T00:00:00Z"}""", "body")]
    [InlineData("""{"to":"moon","all":true}""", "to")]
    [InlineData("""{"to":"search","orders":["ord-1"]}""", "orders[0]")]
    [InlineData("""{"to":"search","orders":[]}""", "orders")]
    [InlineData("""{"to":"search","from":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}""", "until")]
    public async Task What_cannot_be_meant_is_refused_by_name(string body, string field)
    {
        var reply = await app.Api.PostAsync(Replay, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        var problem = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(field, problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
    }

    private async Task<(Shop Shop, OrderState Order)> PlacedAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);
        return (shop, order);
    }

    private async Task SpoilAsync(OrderState order)
    {
        var wrong = JsonSerializer.Serialize(OrderDocument.From(order) with { CustomerName = "X" }, OrdersJson.Default.OrderDocument);
        var task = await app.Search.Index(WireNames.Indexes.Orders).AddDocumentsJsonAsync($"[{wrong}]", "id");
        await app.Search.WaitForTaskAsync(task.TaskUid, timeoutMs: 30_000);
        await app.Cache.GetDatabase().StringSetAsync(WireNames.CacheKey(order.Id), "0000000000000001{}");
        Assert.True(await IsSpoiltInSearchAsync(order) && await IsSpoiltInCacheAsync(order));
    }

    private async Task<bool> IsSpoiltInSearchAsync(OrderState order) =>
        (await app.Search.Index(WireNames.Indexes.Orders).GetDocumentAsync<JsonElement>(order.Id))
            .Deserialize(OrdersJson.Default.OrderDocument)!.CustomerName == "X";

    private async Task<bool> IsSpoiltInCacheAsync(OrderState order) =>
        await app.Cache.GetDatabase().StringGetAsync(WireNames.CacheKey(order.Id)) != "0000000000000001" + Shop.Json(order);
}

using System.Net;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Explaining;

public sealed class ExplainingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_whole_order_agrees_and_every_event_has_its_place()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.DeliveredAsync((await shop.AddProductAsync(), 2));

        var explained = await AgreesAsync(order.Id);

        Assert.Equal(["placed", "confirmed", "paid", "shipped", "delivered"], Texts(explained, "timeline", "status"));
        var events = explained.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(5, events.Count);
        Assert.All(events, trail => Assert.Equal(
            ("published", WireNames.Topics.OrderEvents, 32),
            (trail.GetProperty("state").GetString(), trail.GetProperty("kafka").GetProperty("topic").GetString(),
                trail.GetProperty("trace_id").GetString()!.Length)));
        Assert.Single(events.Select(trail => trail.GetProperty("kafka").GetProperty("partition").GetInt32()).Distinct());
        foreach (var position in new[] { "outbox_position", "change_position" })
        {
            var positions = events.ConvertAll(trail => trail.GetProperty(position).GetInt64());
            Assert.Equal(positions.Distinct().Order(), positions);
        }

        Assert.Equal((5, "same"), Copy(explained, "search"));
        await Eventually.Is(async () => Copy(await ExplainAsync(order.Id), "cache") == (5, "same"), "the cache has the fifth version");
    }

    [Theory]
    [InlineData("0000000000000001", "other_content")]
    [InlineData("0000000000000000", "older")]
    [InlineData("0000000000000099", "newer")]
    public async Task A_wrong_cache_entry_is_found_and_mended(string version, string says)
    {
        var (shop, order) = await IndexedAsync();
        await app.Cache.GetDatabase().StringSetAsync(WireNames.CacheKey(order.Id), version + "{\"customer\":{\"id\":\"x\"}}");

        // A cache that is too slow for once counts as empty.
        await Eventually.Is(async () => Copy(await ExplainAsync(order.Id), "cache").Says == says, $"the cache's entry is {says}");
        Assert.Equal(["cache"], await HealAsync(order.Id));

        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
        await AgreesAsync(order.Id);
    }

    [Fact]
    public async Task A_lost_document_is_found_and_mended()
    {
        var (shop, order) = await IndexedAsync();
        await app.Search.WaitForTaskAsync((await app.Search.Index(WireNames.Indexes.Orders).DeleteOneDocumentAsync(order.Id)).TaskUid);

        // For a moment it could still be on its way.
        await Eventually.Is(async () => Copy(await ExplainAsync(order.Id), "search").Says == "absent", "search has no such order");
        Assert.Equal(["search"], await HealAsync(order.Id));

        await AgreesAsync(order.Id);
        Assert.Equal(order.Id, Assert.Single(await shop.FoundAsync(order)).Id);
    }

    [Theory]
    [InlineData(1, "other_content")]
    [InlineData(99, "newer")]
    public async Task A_wrong_document_is_found_and_mended(int version, string says)
    {
        var (shop, order) = await IndexedAsync();
        var wrong = OrderDocument.From(order) with { CustomerName = "Somebody Else", Version = version };
        var task = await app.Search.Index(WireNames.Indexes.Orders).AddDocumentsJsonAsync(
            $"[{JsonSerializer.Serialize(wrong, OrdersJson.Default.OrderDocument)}]", "id");
        await app.Search.WaitForTaskAsync(task.TaskUid);

        Assert.Equal(says, Copy(await ExplainAsync(order.Id), "search").Says);
        await KeepSearchBusyAsync();
        Assert.Equal(["search"], await HealAsync(order.Id));

        await AgreesAsync(order.Id);
        Assert.Equivalent(OrderDocument.From(order), Assert.Single(await shop.FoundAsync(order)), strict: true);
    }

    [Fact]
    public async Task Rows_that_were_tampered_with_are_found_and_mended()
    {
        var (shop, order) = await IndexedAsync();
        await app.Database.ListAsync<string>(
            "update orders set channel = 'telex', customer_name = 'X' where id = $1 returning id", order.Id);
        await app.Database.ListAsync<int>(
            "update order_items set name = 'Y', quantity = 2, total = unit_price * 2 where order_id = $1 returning line", order.Id);

        var explained = await ExplainAsync(order.Id);
        Assert.Equal(
            ["orders.channel", "orders.customer_name", "order_items[1].name", "order_items[1].quantity", "order_items[1].total"],
            explained.GetProperty("stored").GetProperty("differences").EnumerateArray().Select(text => text.GetString()));
        Assert.Equal(["rows"], await HealAsync(order.Id));

        await AgreesAsync(order.Id);
        Assert.Equal("web", await app.Database.ScalarAsync<string>("select channel from orders where id = $1", order.Id));
        Assert.Equal("Lámpara", await app.Database.ScalarAsync<string>("select name from order_items where order_id = $1", order.Id));
        Assert.Equal(2, (await shop.DoAsync(order, "confirm")).Version);
    }

    [Fact]
    public async Task Healing_what_is_well_does_nothing()
    {
        var (_, order) = await IndexedAsync();
        Assert.Empty(await HealAsync(order.Id));
        Assert.Equal(1, await app.Database.ScalarAsync<long>("select count(*) from outbox where order_id = $1", order.Id));
    }

    private async Task<(Shop Shop, OrderState Order)> IndexedAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await AgreesAsync(order.Id);
        return (shop, order);
    }

    /// <summary>Gives the search engine work before whatever comes next, so that a task is not done the moment it is queued.</summary>
    private async Task KeepSearchBusyAsync()
    {
        var scratch = app.Search.Index($"scratch-{Guid.NewGuid():N}");
        var documents = Enumerable.Range(0, 20_000).Select(i => $"{{\"id\":{i},\"text\":\"{Guid.NewGuid()} {Guid.NewGuid()}\"}}");
        await scratch.AddDocumentsJsonAsync($"[{string.Join(',', documents)}]", "id");
        await scratch.DeleteAsync();
    }

    private Task<JsonElement> AgreesAsync(string id) => Eventually.Get(
        () => ExplainAsync(id), explained => explained.GetProperty("agrees").GetBoolean()
            && Copy(explained, "search").Says == "same" && Texts(explained, "events", "state").All(state => state == "published"),
        $"order {id} agrees everywhere");

    private async Task<JsonElement> ExplainAsync(string id)
    {
        var reply = await app.Api.GetAsync($"/v1/orders/{id}/explain");
        await Shop.Expect(reply, HttpStatusCode.OK);
        return JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
    }

    private async Task<List<string?>> HealAsync(string id)
    {
        var reply = await app.Api.PostAsync($"/v1/orders/{id}/heal", null);
        await Shop.Expect(reply, HttpStatusCode.OK);
        using var healing = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return [.. healing.RootElement.GetProperty("done").EnumerateArray().Select(part => part.GetString())];
    }

    private static (int? Version, string? Says) Copy(JsonElement explained, string copy)
    {
        var evidence = explained.GetProperty(copy);
        return (evidence.TryGetProperty("version", out var version) ? version.GetInt32() : null, evidence.GetProperty("says").GetString());
    }

    private static IEnumerable<string?> Texts(JsonElement explained, string list, string field) =>
        explained.GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty(field).GetString());
}

using System.Net;
using System.Text;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Scenarios;

public sealed class PlacingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_placed_order_is_in_the_database_the_cache_and_the_search_index()
    {
        var shop = await Shop.OpenAsync(app);
        var lamp = await shop.AddProductAsync("Lámpara", 19.99m);
        var chair = await shop.AddProductAsync("Silla", 45.50m);

        var reply = await shop.TryPlaceAsync((lamp, 2), (chair, 1), (lamp, 1));
        await Shop.Expect(reply, HttpStatusCode.Created);
        var body = await reply.Content.ReadAsByteArrayAsync();
        var order = Shop.Read(body);

        Assert.Equal($"/v1/orders/{order.Id}", reply.Headers.Location?.ToString());
        Assert.Equal("\"v1\"", reply.Headers.ETag?.ToString());
        Assert.Equal((OrderStatus.Placed, 1, 105.47m, 18.30m, 5.000m),
            (order.Status, order.Version, order.Total, order.Tax, order.TotalWeight));
        Assert.Equal([(1, lamp, 39.98m), (2, chair, 45.50m), (3, lamp, 19.99m)],
            order.Items.Select(item => (item.Line, item.ProductId, item.Total)));
        Assert.Equal("Ana " + shop.Word, order.Customer.Name);
        Assert.Equal(40.4169, order.Destination.Lat);

        Assert.Equal(105.47m, await app.Database.ScalarAsync<decimal>("select total from orders where id = $1", order.Id));
        Assert.Equal([lamp, chair, lamp],
            await app.Database.ListAsync<string>(
            "select product_id from order_items where order_id = $1 order by line", order.Id));
        Assert.Equal(1, await app.Database.ScalarAsync<long>("select count(*) from order_history where order_id = $1", order.Id));
        Assert.Equal(1, await app.Database.ScalarAsync<long>("select count(*) from outbox where order_id = $1", order.Id));

        var cached = (byte[]?)await app.Cache.GetDatabase().StringGetAsync(WireNames.CacheKey(order.Id));
        Assert.Equal("0000000000000001" + Encoding.UTF8.GetString(body), Encoding.UTF8.GetString(cached!));
        Assert.Equal(Encoding.UTF8.GetString(body), await shop.GetTextAsync(order.Id));

        var hit = Assert.Single(await shop.FoundAsync(order));
        Assert.Equivalent(OrderDocument.From(order), hit, strict: true);
    }

    [Fact]
    public async Task The_database_the_event_and_the_reply_say_the_same()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 3));

        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(order.Id));
        var fromDatabase = await shop.GetTextAsync(order.Id);
        var fromEvent = await app.Database.ScalarAsync<string>(
            "select (payload -> 'data')::text from outbox where order_id = $1", order.Id);

        Assert.Equal(Shop.Json(order), fromDatabase);
        Assert.Equal(Shop.Json(order), fromEvent);
    }

    [Fact]
    public async Task A_deleted_or_repriced_product_changes_no_order()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync("Mesa", 120m);
        var order = await shop.PlaceAsync((product, 1));

        await Shop.Expect(await app.Api.DeleteAsync($"/v1/products/{product}"), HttpStatusCode.NoContent);
        await Shop.Expect(await app.Api.GetAsync($"/v1/products/{product}"), HttpStatusCode.NotFound);
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(order.Id));

        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
        Assert.Equal("Mesa", Assert.Single(Assert.Single(await shop.FoundAsync(order)).Items).Name);
        var refused = await shop.TryPlaceAsync((product, 1));
        await Shop.Expect(refused, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task An_unchanged_order_is_not_sent_twice()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/{order.Id}");
        request.Headers.TryAddWithoutValidation("If-None-Match", "\"v1\"");
        var reply = await app.Api.SendAsync(request);

        await Shop.Expect(reply, HttpStatusCode.NotModified);
        Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_late_fill_of_an_old_version_does_not_bury_a_newer_one()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{order.Id}/cancel", null));

        // The slow reader of the well-known race: it read version 1 before the change and stores it afterwards.
        var stored = await app.OrderCache.SetIfNewerAsync(order.Id, 1, Encoding.UTF8.GetBytes(Shop.Json(order)), default);

        Assert.False(stored);
        Assert.Equal(OrderStatus.Cancelled, Shop.Read(Encoding.UTF8.GetBytes(await shop.GetTextAsync(order.Id))).Status);
    }

    [Fact]
    public async Task The_stream_puts_back_what_the_cache_has_lost()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);
        var key = WireNames.CacheKey(order.Id);
        // As if the api had died between commit and cache: an older version is there when the change's event arrives.
        await app.Cache.GetDatabase().StringSetAsync(key, "0000000000000000{}");

        await using var connection = await app.Database.OpenConnectionAsync();
        await using var again = connection.CreateCommand();
        again.CommandText = """
            insert into outbox (order_id, version, type, traceparent, payload)
            select order_id, version, type, traceparent, payload from outbox where order_id = $1
            """;
        again.Parameters.AddWithValue(order.Id);
        await again.ExecuteNonQueryAsync();

        await Eventually.Get(
            async () => (string?)await app.Cache.GetDatabase().StringGetAsync(key),
            value => value == "0000000000000001" + Shop.Json(order), "the cache holds version 1 again");
    }

    [Fact]
    public async Task A_stream_that_is_behind_does_not_bring_an_old_version_back()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var confirmed = await shop.DoAsync(order, "confirm");
        await shop.FoundAsync(confirmed);
        var key = WireNames.CacheKey(order.Id);
        await app.Cache.GetDatabase().KeyDeleteAsync(key);

        // Evicted; now the stream comes with what it has: first the old version, then the new one.
        Assert.True(await app.OrderCache.FollowAsync(order.Id, 1, Bytes(order), again: false, default));
        Assert.Equal("0000000000000001", await app.Cache.GetDatabase().StringGetAsync(key));
        Assert.Null(await app.OrderCache.GetAsync(order.Id, default));
        Assert.Equal(Shop.Json(confirmed), await shop.GetTextAsync(order.Id));
        Assert.False(await app.OrderCache.FollowAsync(order.Id, 2, Bytes(confirmed), again: false, default));
        Assert.Equal("0000000000000002" + Shop.Json(confirmed), await app.Cache.GetDatabase().StringGetAsync(key));
    }

    [Fact]
    public async Task A_reader_who_was_faster_than_a_change_and_slower_than_its_event_caches_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var confirmed = await shop.DoAsync(order, "confirm");
        await shop.FoundAsync(confirmed);
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(order.Id));

        Assert.True(await app.OrderCache.FollowAsync(order.Id, 2, Bytes(confirmed), again: false, default));

        Assert.False(await app.OrderCache.SetIfNewerAsync(order.Id, 1, Bytes(order), default));
        Assert.Null(await app.OrderCache.GetAsync(order.Id, default));
        Assert.True(await app.OrderCache.SetIfNewerAsync(order.Id, 2, Bytes(confirmed), default));
        Assert.Equal(2, (await app.OrderCache.GetAsync(order.Id, default))?.Version);
    }

    private static byte[] Bytes(OrderState order) => Encoding.UTF8.GetBytes(Shop.Json(order));
}

using System.Net;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Placing;

public sealed class IdempotencyKeys(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_same_key_and_payload_give_the_same_reply_and_one_order()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 10);
        var key = Guid.NewGuid().ToString();

        var first = await PlaceAsync(shop, key, product, 2);
        await Shop.Expect(first, HttpStatusCode.Created);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        var again = await PlaceAsync(shop, key, product, 2);

        await Shop.Expect(again, HttpStatusCode.Created);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        await AssertOrdersAsync(shop, 1);
        Assert.Equal(8, await StockAsync(product));
    }

    [Fact]
    public async Task The_reply_is_the_first_one_even_if_the_order_has_moved_on()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var key = Guid.NewGuid().ToString();
        var first = await PlaceAsync(shop, key, product, 1);
        var order = Shop.Read(await first.Content.ReadAsByteArrayAsync());
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{order.Id}/cancel", null));

        var again = await PlaceAsync(shop, key, product, 1);

        Assert.Equal(Shop.Json(order), await again.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sixty_four_duplicates_at_once_make_one_order()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 100);
        var key = Guid.NewGuid().ToString();

        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => PlaceAsync(shop, key, product, 1)));

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.Created);
        var bodies = await Task.WhenAll(replies.Select(reply => reply.Content.ReadAsStringAsync()));
        Assert.Single(bodies.Distinct());
        Assert.Equal(63, replies.Count(reply => reply.Headers.Contains("Idempotency-Replayed")));
        await AssertOrdersAsync(shop, 1);
        Assert.Equal(99, await StockAsync(product));
    }

    [Fact]
    public async Task Another_payload_with_the_same_key_is_refused_and_places_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var key = Guid.NewGuid().ToString();
        await Shop.Ok(await PlaceAsync(shop, key, product, 1));

        var other = await PlaceAsync(shop, key, product, 2);

        await Shop.Expect(other, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("/problems/idempotency_key_reused", await Problem.TypeAsync(other));
        Assert.Equal(["Idempotency-Key"], await Problem.FieldsAsync(other));
        await AssertOrdersAsync(shop, 1);
    }

    [Fact]
    public async Task A_failed_attempt_leaves_nothing_and_the_key_is_free()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 1);
        var key = Guid.NewGuid().ToString();

        await Shop.Expect(await PlaceAsync(shop, key, product, 2), HttpStatusCode.Conflict);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from idempotency_keys where key = $1", key));
        await app.Database.ListAsync<int>("update products set stock = 5 where id = $1 returning stock", product);

        var retry = await PlaceAsync(shop, key, product, 2);
        await Shop.Expect(retry, HttpStatusCode.Created);
        Assert.False(retry.Headers.Contains("Idempotency-Replayed"));
        await AssertOrdersAsync(shop, 1);
        Assert.Equal(3, await StockAsync(product));
    }

    [Fact]
    public async Task Two_refunds_with_one_key_are_one_refund()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PaidAsync((await shop.AddProductAsync(price: 30m), 1));
        var key = Guid.NewGuid().ToString();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            SendAsync(key, $"/v1/orders/{order.Id}/refunds", """{"amount":5.00,"reason":"scratched"}""")));

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.Created);
        Assert.Equal(7, replies.Count(reply => reply.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal([5.00m], await app.Database.ListAsync<decimal>("select amount from order_refunds where order_id = $1", order.Id));
        Assert.Equal(5.00m, await app.Database.ScalarAsync<decimal>("select refunded from orders where id = $1", order.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("x", 256)]
    public async Task A_key_that_is_none_is_refused(string key, int times = 1)
    {
        var shop = await Shop.OpenAsync(app);
        var reply = await PlaceAsync(shop, string.Concat(Enumerable.Repeat(key, times)), await shop.AddProductAsync(), 1);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal(["Idempotency-Key"], await Problem.FieldsAsync(reply));
        await AssertOrdersAsync(shop, 0);
    }

    private Task<HttpResponseMessage> PlaceAsync(Shop shop, string key, string product, int quantity) => SendAsync(key, "/v1/orders",
        $$"""
        {"customer_id":"{{shop.CustomerId}}","address_id":"{{shop.AddressId}}",
         "items":[{"product_id":"{{product}}","quantity":{{quantity}}}]}
        """);

    private async Task<HttpResponseMessage> SendAsync(string key, string path, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await app.Api.SendAsync(request);
    }

    private async Task AssertOrdersAsync(Shop shop, int count)
    {
        Assert.Equal(count, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
        Assert.Equal(count, await app.Database.ScalarAsync<long>(
            "select count(*) from outbox b join orders o on o.id = b.order_id where o.customer_id = $1 and b.version = 1",
                shop.CustomerId));
    }

    private Task<int> StockAsync(string product) => app.Database.ScalarAsync<int>("select stock from products where id = $1", product);
}

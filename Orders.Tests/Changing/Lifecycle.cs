using System.Net;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

public sealed class Lifecycle(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_whole_life_is_the_same_in_the_database_the_cache_the_history_and_search()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 40m);
        var placed = await shop.PlaceAsync((product, 2));
        await shop.DoAsync(placed, "confirm");
        await shop.DoAsync(placed, "pay", new { method = "card", reference = "R-77", amount = 80.00m });
        await shop.DoAsync(placed, "ship", new { carrier = "Correos", tracking = "T1", lines = new[] { new { line = 1, quantity = 1 } } });
        await shop.DoAsync(placed, "ship", new { carrier = "Seur" });
        await shop.DoAsync(placed, "deliver");
        var last = await shop.DoAsync(placed, "return", new { reason = "too small" });

        Assert.Equal((OrderStatus.Returned, 7, "too small"), (last.Status, last.Version, last.Reason));
        Assert.Equal(
            [("placed", 1), ("confirmed", 2), ("paid", 3), ("partly_shipped", 4), ("shipped", 5), ("delivered", 6), ("returned", 7)],
            (await shop.HistoryAsync(placed.Id)).Select(entry => (entry.Type.Split('.')[1], entry.Version)));
        Assert.Equal(Shop.Json(last), await shop.GetTextAsync(placed.Id));
        Assert.Equal(last.Version, Assert.Single(await shop.FoundAsync(last)).Version);
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(placed.Id));
        Assert.Equal(Shop.Json(last), await shop.GetTextAsync(placed.Id));
        Assert.Equal(Shop.Json(placed), await shop.GetTextAsync(placed.Id + "?version=1"));
        Assert.Equal(
            "returned 80.00 card R-77 2 2",
            await app.Database.ScalarAsync<string>(
                """
                select format('%s %s %s %s %s %s', o.status, o.paid_amount, o.payment_method, o.payment_reference, i.shipped, i.returned)
                from orders o join order_items i on i.order_id = o.id where o.id = $1
                """, placed.Id));
        Assert.Equal(["Correos", "Seur"], await app.Database.ListAsync<string>(
            "select carrier from order_shipments where order_id = $1 order by id", placed.Id));
    }

    [Theory]
    [InlineData("pay", """{"method":"card","amount":19.99}""")]
    [InlineData("ship", """{"carrier":"Correos"}""")]
    [InlineData("deliver", null)]
    [InlineData("return", null)]
    public async Task An_illegal_move_is_409_and_changes_nothing(string move, string? body)
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));

        var content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var reply = await app.Api.PostAsync($"/v1/orders/{order.Id}/{move}", content);

        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal("/problems/illegal_move", await Problem.TypeAsync(reply));
        await AssertUntouchedAsync(order);
    }

    [Fact]
    public async Task Of_two_that_race_one_wins_and_the_other_changes_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var shop = await Shop.OpenAsync(app);
            var product = await shop.AddProductAsync(stock: 5);
            var order = await shop.PlaceAsync((product, 5));

            var replies = await Task.WhenAll(
                app.Api.PostAsync($"/v1/orders/{order.Id}/cancel", null), app.Api.PostAsync($"/v1/orders/{order.Id}/fail", null),
                app.Api.PostAsync($"/v1/orders/{order.Id}/cancel", null), app.Api.PostAsync($"/v1/orders/{order.Id}/fail", null));

            Assert.Single(replies, reply => reply.StatusCode == HttpStatusCode.OK);
            Assert.Equal(3, replies.Count(reply => reply.StatusCode == HttpStatusCode.Conflict));
            Assert.Equal(2, (await shop.HistoryAsync(order.Id)).Count);
            Assert.Equal(5, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        }
    }

    [Fact]
    public async Task A_change_that_was_decided_on_another_version_is_412()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.DoAsync(order, "confirm");

        var reply = await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/cancel", null, ifMatch: "\"v1\"");
        await Shop.Expect(reply, HttpStatusCode.PreconditionFailed);
        Assert.Equal(["If-Match"], await Problem.FieldsAsync(reply));
        Assert.Equal("confirmed", await app.Database.ScalarAsync<string>("select status from orders where id = $1", order.Id));

        await Shop.Ok(await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/cancel", null, ifMatch: "\"v1\", \"v2\""));
        var bad = await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/cancel", null, ifMatch: "\"abc\"");
        await Shop.Expect(bad, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task An_order_can_be_read_as_it_was()
    {
        var shop = await Shop.OpenAsync(app);
        var placed = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        var confirmed = await shop.DoAsync(placed, "confirm");

        Assert.Equal(Shop.Json(placed), await shop.GetTextAsync($"{placed.Id}?as_of={Instant(placed.PlacedAt)}"));
        Assert.Equal(Shop.Json(placed), await shop.GetTextAsync($"{placed.Id}?as_of={Instant(confirmed.UpdatedAt.AddTicks(-10))}"));
        Assert.Equal(Shop.Json(confirmed), await shop.GetTextAsync($"{placed.Id}?as_of={Instant(confirmed.UpdatedAt)}"));
        await Shop.Expect(await app.Api.GetAsync($"/v1/orders/{placed.Id}?as_of={Instant(placed.PlacedAt.AddTicks(-10))}"),
            HttpStatusCode.NotFound);
        await Shop.Expect(await app.Api.GetAsync($"/v1/orders/{placed.Id}?version=3"), HttpStatusCode.NotFound);
        await Shop.Expect(await app.Api.GetAsync($"/v1/orders/{placed.Id}?version=0"), HttpStatusCode.BadRequest);
        await Shop.Expect(await app.Api.GetAsync($"/v1/orders/{placed.Id}?version=1&as_of=2026-01-01"), HttpStatusCode.BadRequest);
    }

    private async Task AssertUntouchedAsync(OrderState order)
    {
        Assert.Equal(1, await app.Database.ScalarAsync<int>("select version from orders where id = $1", order.Id));
        Assert.Equal(1, await app.Database.ScalarAsync<long>("select count(*) from order_history where order_id = $1", order.Id));
        Assert.Equal(1, await app.Database.ScalarAsync<long>("select count(*) from outbox where order_id = $1", order.Id));
    }

    private static string Instant(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

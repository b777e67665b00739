using System.Net;
using System.Net.Http.Json;
using Orders.Tests.Bulk;
using Orders.Tests.Support;

namespace Orders.Tests.Placing;

public sealed class Stock(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_hundred_buyers_of_fifty_pieces_get_fifty()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 50);

        var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => shop.TryPlaceAsync((product, 1))));

        Assert.Equal(50, replies.Count(reply => reply.StatusCode == HttpStatusCode.Created));
        foreach (var reply in replies.Where(reply => reply.StatusCode != HttpStatusCode.Created))
        {
            await Shop.Expect(reply, HttpStatusCode.Conflict);
            Assert.Equal("/problems/out_of_stock", await Problem.TypeAsync(reply));
        }

        Assert.Equal(0, await StockAsync(product));
        Assert.Equal(50, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
    }

    [Fact]
    public async Task An_order_takes_all_of_its_lines_or_none()
    {
        var shop = await Shop.OpenAsync(app);
        var (plenty, scarce) = (await shop.AddProductAsync(stock: 10), await shop.AddProductAsync(stock: 1));

        var refused = await shop.TryPlaceAsync((plenty, 3), (scarce, 1), (scarce, 1));
        await Shop.Expect(refused, HttpStatusCode.Conflict);
        Assert.Equal(["items[1].product_id"], await Problem.FieldsAsync(refused));

        Assert.Equal((10, 1), (await StockAsync(plenty), await StockAsync(scarce)));
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
    }

    [Fact]
    public async Task Orders_that_hold_the_same_products_in_another_order_do_not_lock_each_other_out()
    {
        var shop = await Shop.OpenAsync(app);
        var (one, two) = (await shop.AddProductAsync(stock: 1000), await shop.AddProductAsync(stock: 1000));

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            i % 2 == 0 ? shop.TryPlaceAsync((one, 1), (two, 2)) : shop.TryPlaceAsync((two, 2), (one, 1))));

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.Created);
        Assert.Equal((940, 880), (await StockAsync(one), await StockAsync(two)));
    }

    [Fact]
    public async Task Cancelled_and_returned_pieces_come_back()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 100m, stock: 10);
        var cancelled = await shop.PlaceAsync((product, 3));
        Assert.Equal(7, await StockAsync(product));
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{cancelled.Id}/cancel", null));
        Assert.Equal(10, await StockAsync(product));
        await Shop.Expect(await app.Api.PostAsync($"/v1/orders/{cancelled.Id}/cancel", null), HttpStatusCode.Conflict);
        Assert.Equal(10, await StockAsync(product));

        var returned = await shop.DeliveredAsync((product, 4));
        Assert.Equal(6, await StockAsync(product));
        await Shop.Ok(await app.Api.PostAsJsonAsync($"/v1/orders/{returned.Id}/return", new { lines = new[] { new { line = 1,
            quantity = 1 } } }));
        Assert.Equal(7, await StockAsync(product));
        await Shop.Ok(await app.Api.PostAsync($"/v1/orders/{returned.Id}/return", null));
        Assert.Equal(10, await StockAsync(product));
    }

    [Fact]
    public async Task Pieces_added_to_an_imported_order_are_taken_and_come_back_and_no_others()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 10m, stock: 5);
        var line = ImportingOrders.Line(shop, "a", ("items[0].product_id", $"\"{product}\""), ("items[0].weight", "1.25"));
        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([line])).Counts);
        var order = ImportLineTests.Accepted(line);

        await Shop.Expect(await EditAsync(order, 1000), HttpStatusCode.Conflict);
        await Shop.Expect(await EditAsync(order, 6), HttpStatusCode.OK);
        Assert.Equal(1, await StockAsync(product));
        Assert.Equal("{4,0}", await app.Database.ScalarAsync<string>("select taken::text from orders where id = $1", order.Id));
        await shop.DoAsync(order, "cancel");
        Assert.Equal(5, await StockAsync(product));

        Task<HttpResponseMessage> EditAsync(Orders.Contracts.OrderState order, int quantity) => shop.SendAsync(
            HttpMethod.Patch, $"/v1/orders/{order.Id}",
            new { items = new object[] { new { product_id = product, quantity }, new { product_id = "p-2", quantity = 3 } } }, "\"v1\"");
    }

    private Task<int> StockAsync(string product) => app.Database.ScalarAsync<int>("select stock from products where id = $1", product);
}

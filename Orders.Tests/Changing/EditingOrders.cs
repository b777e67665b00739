using System.Net;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

public sealed class EditingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Lines_that_stay_keep_their_price_and_stock_follows()
    {
        var shop = await Shop.OpenAsync(app);
        var (kept, dropped, added) = (
            await shop.AddProductAsync("Lámpara", 10m, stock: 10), await shop.AddProductAsync("Silla", 20m, stock: 10),
            await shop.AddProductAsync("Mesa", 100m, stock: 10));
        var order = await shop.PlaceAsync((kept, 2), (dropped, 1));
        await app.Database.ListAsync<int>("update products set price = 99, name = 'Other' where id = $1 returning 1", kept);

        var reply = await EditAsync(shop, order, new { items = new[] { Line(added, 1), Line(kept, 5) } });
        await Shop.Expect(reply, HttpStatusCode.OK);
        var edited = Shop.Read(await reply.Content.ReadAsByteArrayAsync());

        Assert.Equal([("Mesa", 100.00m, 1), ("Lámpara", 10.00m, 5)],
            edited.Items.Select(item => (item.Name, item.UnitPrice, item.Quantity)));
        Assert.Equal((150.00m, 0.00m, 150.00m, 2), (edited.Subtotal, edited.Shipping, edited.Total, edited.Version));
        Assert.Equal((5, 10, 9), (await StockAsync(kept), await StockAsync(dropped), await StockAsync(added)));
        Assert.Equal([added, kept], await app.Database.ListAsync<string>(
            "select product_id from order_items where order_id = $1 order by line", order.Id));
        Assert.Equal(150.00m, await app.Database.ScalarAsync<decimal>("select total from orders where id = $1", order.Id));
        Assert.Equal(Shop.Json(edited), await shop.GetTextAsync(order.Id));
        Assert.Equal(2, Assert.Single(await shop.FoundAsync(edited)).Items.Count);
    }

    [Fact]
    public async Task An_edit_that_cannot_be_served_changes_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 3);
        var order = await shop.PlaceAsync((product, 2));

        await Shop.Expect(await EditAsync(shop, order, new { items = new[] { Line(product, 4) } }), HttpStatusCode.Conflict);
        await Shop.Expect(await EditAsync(shop, order, new { items = new[] { Line("pro-none", 1) } }), HttpStatusCode.UnprocessableEntity);
        await Shop.Expect(await EditAsync(shop, order, new { address_id = "add-none" }), HttpStatusCode.UnprocessableEntity);
        await Shop.Expect(await EditAsync(shop, order, new { }), HttpStatusCode.BadRequest);

        Assert.Equal(1, await StockAsync(product));
        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
    }

    [Fact]
    public async Task The_version_must_be_said_and_be_right()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var order = await shop.PlaceAsync((product, 1));
        var body = new { items = new[] { Line(product, 2) } };

        await Shop.Expect(await shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{order.Id}", body), HttpStatusCode.PreconditionRequired);
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EditAsync(shop, order, body)));

        Assert.Single(replies, reply => reply.StatusCode == HttpStatusCode.OK);
        Assert.Equal(3, replies.Count(reply => reply.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(2, (await shop.HistoryAsync(order.Id)).Count);
    }

    [Fact]
    public async Task A_paid_order_is_settled()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var order = await shop.PaidAsync((product, 1));
        var reply = await EditAsync(shop, order, new { items = new[] { Line(product, 2) } });
        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal("/problems/not_editable", await Problem.TypeAsync(reply));
    }

    private static Task<HttpResponseMessage> EditAsync(Shop shop, OrderState order, object body) =>
        shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{order.Id}", body, ifMatch: $"\"v{order.Version}\"");

    private static object Line(string product, int quantity) => new { product_id = product, quantity };

    private Task<int> StockAsync(string product) => app.Database.ScalarAsync<int>("select stock from products where id = $1", product);
}

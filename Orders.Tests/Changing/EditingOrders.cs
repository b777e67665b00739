using System.Net;
using System.Net.Http.Json;
using Orders.Contracts;
using Orders.Tests.Bulk;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

public sealed class EditingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Pieces_that_stay_keep_their_price_added_ones_have_todays_and_stock_follows()
    {
        var shop = await Shop.OpenAsync(app);
        var (kept, dropped, added) = (
            await shop.AddProductAsync("Lámpara", 10m, stock: 10), await shop.AddProductAsync("Silla", 20m, stock: 10),
            await shop.AddProductAsync("Mesa", 100m, stock: 10));
        var order = await shop.PlaceAsync((kept, 2), (dropped, 1));
        await app.Database.ListAsync<int>("update products set price = 99, name = 'Other' where id = $1 returning 1", kept);

        var edited = await EditedAsync(shop, order, Line(added, 1), Line(kept, 5));

        Assert.Equal([("Mesa", 100.00m, 1), ("Lámpara", 10.00m, 2), ("Other", 99.00m, 3)],
            edited.Items.Select(item => (item.Name, item.UnitPrice, item.Quantity)));
        Assert.Equal((417.00m, 0.00m, 417.00m, 2), (edited.Subtotal, edited.Shipping, edited.Total, edited.Version));
        Assert.Equal((5, 10, 9), (await StockAsync(kept), await StockAsync(dropped), await StockAsync(added)));
        Assert.Equal([added, kept, kept], await app.Database.ListAsync<string>(
            "select product_id from order_items where order_id = $1 order by line", order.Id));
        Assert.Equal(417.00m, await app.Database.ScalarAsync<decimal>("select total from orders where id = $1", order.Id));
        Assert.Equal(Shop.Json(edited), await shop.GetTextAsync(order.Id));
        Assert.Equal(3, Assert.Single(await shop.FoundAsync(edited)).Items.Count);
    }

    [Fact]
    public async Task A_code_is_applied_by_the_terms_that_the_order_was_placed_under()
    {
        var shop = await Shop.OpenAsync(app);
        var code = "T" + Guid.NewGuid().ToString("N")[..20].ToUpperInvariant();
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/discounts", new { code, percent = 10 }));
        var product = await shop.AddProductAsync(price: 100m);
        var order = await shop.PlaceAsync(code, (product, 2));
        Assert.Equal((20.00m, 10m), (order.Discount, order.DiscountTerms!.Percent));

        object[] others = [new { percent = 50 }, new { amount = 5 }, new { percent = 90, min_subtotal = 1000, active = false }];
        foreach (var terms in others)
        {
            await Shop.Ok(await app.Api.PutAsJsonAsync($"/v1/discounts/{code}", terms));
            order = await EditedAsync(shop, order, Line(product, 2));
            Assert.Equal((20.00m, code), (order.Discount, order.DiscountCode));
        }

        await Shop.Ok(await app.Api.DeleteAsync($"/v1/discounts/{code}"));
        order = await EditedAsync(shop, order, Line(product, 1));
        Assert.Equal(10.00m, order.Discount);
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/discounts", new { code, percent = 80 }));
        order = await EditedAsync(shop, order, Line(product, 5));
        Assert.Equal(50.00m, order.Discount);
        Assert.Equal($"50.00 {code}", await app.Database.ScalarAsync<string>(
            "select format('%s %s', discount, discount_code) from orders where id = $1", order.Id));
        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
    }

    [Fact]
    public async Task An_imported_order_keeps_its_discount_its_shipping_and_its_currency()
    {
        var shop = await Shop.OpenAsync(app);
        var euro = await ImportAsync(shop, "euro", ("discount", "5"), ("shipping", "12.5"), ("items[0].weight", "1.25"));
        var yen = await ImportAsync(shop, "yen", ("currency", "\"JPY\""), ("items[0].weight", "1.25"), ("items[1].unit_price", "1"));

        var edited = await EditedAsync(shop, euro, Line("p-1", 2), Line("p-2", 3));
        Assert.Equal((5.00m, 12.50m, euro.Total, euro.Tax), (edited.Discount, edited.Shipping, edited.Total, edited.Tax));
        Assert.Equal(euro.Items.Select(item => item.Discount), edited.Items.Select(item => item.Discount));
        Assert.Equal(0.00m, (await EditedAsync(shop, yen, Line("p-1", 1))).Shipping);

        var refused = await EditAsync(shop, yen with { Version = 2 }, new { items = new[] { Line(await shop.AddProductAsync(), 1) } });
        await Shop.Expect(refused, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("JPY", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_customers_order_shrinks_and_does_not_grow()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var order = await shop.PlaceAsync((product, 3));
        await app.Database.ListAsync<int>("update customers set status = 'suspended' where client_id = $1 returning 1", shop.CustomerId);

        var refused = await EditAsync(shop, order, new { items = new[] { Line(product, 4) } });
        await Shop.Expect(refused, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["items[0].quantity"], await Problem.FieldsAsync(refused));
        Assert.Equal(1, (await EditedAsync(shop, order, Line(product, 1))).Items[0].Quantity);
    }

    [Fact]
    public async Task A_product_that_is_not_for_sale_any_more_stays_and_takes_no_more_pieces()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 5);
        var order = await shop.PlaceAsync((product, 2));
        await app.Database.ListAsync<int>("update products set active = false where id = $1 returning 1", product);

        var refused = await EditAsync(shop, order, new { items = new[] { Line(product, 3) } });
        await Shop.Expect(refused, HttpStatusCode.UnprocessableEntity);
        Assert.Contains("not for sale: the order can keep its 2", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, (await EditedAsync(shop, order, Line(product, 2))).Items[0].Quantity);
        Assert.Equal(3, await StockAsync(product));
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

    private async Task<OrderState> ImportAsync(Shop shop, string name, params (string, string?)[] changes)
    {
        var line = ImportingOrders.Line(shop, name, changes);
        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([line])).Counts);
        return ImportLineTests.Accepted(line);
    }

    private static async Task<OrderState> EditedAsync(Shop shop, OrderState order, params object[] items)
    {
        var reply = await EditAsync(shop, order, new { items });
        await Shop.Expect(reply, HttpStatusCode.OK);
        return Shop.Read(await reply.Content.ReadAsByteArrayAsync());
    }

    private static Task<HttpResponseMessage> EditAsync(Shop shop, OrderState order, object body) =>
        shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{order.Id}", body, ifMatch: $"\"v{order.Version}\"");

    private static object Line(string product, int quantity) => new { product_id = product, quantity };

    private Task<int> StockAsync(string product) => app.Database.ScalarAsync<int>("select stock from products where id = $1", product);
}

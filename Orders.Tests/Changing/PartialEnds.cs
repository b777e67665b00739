using System.Net;
using Orders.Contracts;
using Orders.Tests.Bulk;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

/// <summary>Orders that end in parts, from the API to the rows and through an export.</summary>
public sealed class PartialEnds(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_rest_of_a_partly_shipped_order_is_cancelled_by_lines()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 100m, stock: 10);
        var order = await shop.PaidAsync((product, 3));
        order = await shop.DoAsync(order, "ship", new { carrier = "SEUR", lines = Line(1) });
        await Shop.Expect(await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/cancel", null), HttpStatusCode.Conflict);
        await Shop.Expect(await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/cancel", new { items = Line(3) }),
            HttpStatusCode.UnprocessableEntity);

        order = await shop.DoAsync(order, "cancel", new { items = Line(2), reason = "sold out" });

        Assert.Equal((OrderStatus.Shipped, 200.00m), (order.Status, order.Owed!.Value));
        Assert.Equal("shipped 200.00 2 1 9", await app.Database.ScalarAsync<string>(
            """
            select concat_ws(' ', o.status, o.owed, i.cancelled, i.shipped, (select stock from products where id = i.product_id))
            from orders o join order_items i on i.order_id = o.id where o.id = $1
            """, order.Id));
        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
        Assert.Equal((0, 1, 0), (await app.Api.ImportAsync([Shop.Json(order)])).Counts);
    }

    [Fact]
    public async Task A_lost_parcel_is_sent_again_from_the_shelf()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 100m, stock: 10);
        var order = await shop.DoAsync(await shop.PaidAsync((product, 3)), "ship", new { carrier = "SEUR" });
        var lost = $"shipments/{order.Shipments![0].Id}/lost";

        order = await shop.DoAsync(order, lost, new { reason = "no trace" });
        Assert.Equal((OrderStatus.Paid, null), (order.Status, order.ShippedAt));
        var again = await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/{lost}", null);
        await Shop.Expect(again, HttpStatusCode.Conflict);
        Assert.Equal("/problems/parcel_not_losable", await Problem.TypeAsync(again));
        Assert.Equal(7, await StockAsync(product));

        order = await shop.DoAsync(order, "ship", new { carrier = "Correos" });
        Assert.Equal((OrderStatus.Shipped, 4), (order.Status, await StockAsync(product)));
        Assert.Equal(1, await app.Database.ScalarAsync<long>(
            "select count(*) from order_shipments where order_id = $1 and lost_at is not null", order.Id));
        Assert.Equal((0, 1, 0), (await app.Api.ImportAsync([Shop.Json(order)])).Counts);
    }

    [Fact]
    public async Task Pieces_come_back_before_the_last_parcel_is_there()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 100m, stock: 10);
        var order = await shop.PaidAsync((product, 3));
        order = await shop.DoAsync(order, "ship", new { carrier = "SEUR", lines = Line(2) });
        order = await shop.DoAsync(order, "return", new { lines = Line(1) });
        Assert.Equal((OrderStatus.Paid, 8), (order.Status, await StockAsync(product)));

        await shop.DoAsync(order, "cancel", new { items = Line(1) });
        order = await shop.DoAsync(order, "return", new { lines = Line(1) });

        Assert.Equal((OrderStatus.Returned, 10, 100.00m), (order.Status, await StockAsync(product), order.Owed!.Value));
        Assert.Equal((0, 1, 0), (await app.Api.ImportAsync([Shop.Json(order)])).Counts);
    }

    private static object[] Line(int quantity) => [new { line = 1, quantity }];

    private Task<int> StockAsync(string product) => app.Database.ScalarAsync<int>("select stock from products where id = $1", product);
}

using System.Net;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

/// <summary>Deleting or renaming anything changes no order: not its rows, history, event and reply, nor what search finds.</summary>
public sealed class OrdersStandStill(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Whatever_happens_to_product_customer_and_address()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync("Cafetera");
        var order = await shop.PlaceAsync((product, 2));
        await shop.FoundAsync(order);
        var before = await SeenAsync(shop, order.Id);
        var stock = (await app.RowAsync("products", "id", product)).Number("stock");

        (string Method, string Path, string? Body)[] changes =
        [
            ("PATCH", $"products/{product}", """{"name":"Otra","price":1,"category":"x","description":"y","weight":9,"currency":"USD"}"""),
            ("PUT", $"products/{product}", $$"""{"sku":"{{product}}","name":"N","category":"c","price":3,"currency":"EUR","weight":1}"""),
            ("POST", "products/import", $$"""
                [{"id":"{{product}}","sku":"i-{{product}}","name":"M","category":"c","price":4,"currency":"EUR","weight":1}]
                """),
            ("PATCH", $"customers/{shop.CustomerId}", """{"first_name":"X","last_name":"Y","email":"z","phone_number":"0"}"""),
            ("PATCH", $"addresses/{shop.AddressId}", """{"road":"R","postcode":"0","city_district":null,"lat":"1","lon":"2"}"""),
            ("DELETE", $"products/{product}", null),
            ("DELETE", $"addresses/{shop.AddressId}", null),
            ("DELETE", $"customers/{shop.CustomerId}", null),
        ];
        foreach (var (method, path, body) in changes)
        {
            await Shop.Ok(await app.Api.SendAsync(method, $"/v1/{path}", body));
            Assert.Equal(before, await SeenAsync(shop, order.Id));
            if (path == $"products/{product}" && method != "DELETE")
                Assert.Equal(stock, (await app.RowAsync("products", "id", product)).Number("stock"));
        }

        Assert.Equal([1], (await app.DeliveredVersionsAsync(order.Id)).Distinct());
    }

    [Fact]
    public async Task And_its_life_goes_on_without_them()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync("Cafetera", stock: 5);
        var order = await shop.PlaceAsync((product, 2));
        foreach (var path in new[] { $"products/{product}", $"customers/{shop.CustomerId}" })
            await Shop.Ok(await app.Api.DeleteAsync($"/v1/{path}"));

        var cancelled = await shop.DoAsync(order, "cancel");

        Assert.Equal((OrderStatus.Cancelled, 2), (cancelled.Status, cancelled.Version));
        Assert.Equal(Shop.Json(order with { Status = OrderStatus.Placed }), Shop.Json(cancelled with
        {
            Status = OrderStatus.Placed, Version = 1, UpdatedAt = order.UpdatedAt, CancelledAt = null,
        }));
        Assert.Equal(0, await app.CountAsync("products", "id = $1", product));
    }

    /// <summary>The order from everywhere: the tables, the API with its cache and without, history and search.</summary>
    private async Task<string> SeenAsync(Shop shop, string id)
    {
        var rows = new List<string>();
        foreach (var (table, key) in new[] { ("orders", "id"), ("order_items", "order_id"), ("order_history", "order_id") })
        {
            rows.AddRange(await app.Database.ListAsync<string>(
                $"select row_to_json(t)::text from {table} t where {key} = $1 order by 1", id));
        }

        var cached = await shop.GetTextAsync(id);
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(id));
        var hits = (await shop.SearchAsync(shop.Word)).Select(hit => $"{hit.Id} {hit.Version}");
        return string.Join('\n', [.. rows, cached, await shop.GetTextAsync(id), await HistoryAsync(id), .. hits]);
    }

    private async Task<string> HistoryAsync(string id)
    {
        var reply = await app.Api.GetAsync($"/v1/orders/{id}/history");
        await Shop.Expect(reply, HttpStatusCode.OK);
        return await reply.Content.ReadAsStringAsync();
    }
}

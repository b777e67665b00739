using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Placing;

/// <summary>A quote is what the order will cost, and nothing comes of it.</summary>
public sealed class Quotes(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_quote_has_the_amounts_of_the_order_that_is_placed_after_it_and_leaves_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync("Lámpara", 19.99m);
        var code = "Q" + Guid.NewGuid().ToString("N")[..12].ToUpperInvariant();
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/discounts", new { code, percent = 10, uses_max = 1 }));
        var stock = await StockAsync(product);
        var wanted = Order(shop, product, 3, code);

        var reply = await app.Api.PostAsJsonAsync("/v1/orders/quote", wanted);
        await Shop.Expect(reply, HttpStatusCode.OK);
        var quote = await reply.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
        Assert.Equal(stock, await StockAsync(product));
        // The code's only use is still there.
        var placed = await app.Api.PostAsJsonAsync("/v1/orders", wanted);
        await Shop.Expect(placed, HttpStatusCode.Created);
        var order = Shop.Read(await placed.Content.ReadAsByteArrayAsync());
        Assert.Equal(
            (order.Currency, order.Subtotal, order.Discount, order.Shipping, order.Tax, order.Total, order.TotalWeight),
            (quote.GetProperty("currency").GetString(), Amount("subtotal"), Amount("discount"), Amount("shipping"), Amount("tax"),
                Amount("total"), Amount("total_weight")));
        Assert.Equal((59.97m, 6.00m), (order.Subtotal, order.Discount));
        Assert.Equal(
            JsonSerializer.Serialize(order.Items, OrdersJson.Options()), quote.GetProperty("items").GetRawText());

        decimal Amount(string name) => quote.GetProperty(name).GetDecimal();
    }

    [Fact]
    public async Task What_could_not_be_placed_has_no_quote()
    {
        var (shop, other) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await shop.AddProductAsync();
        using var stranger = await app.HolderAsync(["orders:read"], other.CustomerId);

        var none = await app.Api.PostAsJsonAsync("/v1/orders/quote", Order(shop, "pro-none", 1, null));
        var others = await stranger.PostAsJsonAsync("/v1/orders/quote", Order(shop, product, 1, null));
        var nothing = await app.Api.PostAsJsonAsync("/v1/orders/quote", Order(shop, product, 0, null));

        await Shop.Expect(none, HttpStatusCode.UnprocessableEntity);
        await Shop.Expect(others, HttpStatusCode.UnprocessableEntity);
        await Shop.Expect(nothing, HttpStatusCode.BadRequest);
        Assert.Equal(["items[0].quantity"], (await Problem.FieldsAsync(nothing)).Distinct());
    }

    private Task<int> StockAsync(string product) => app.Database.ScalarAsync<int>("select stock from products where id = $1", product);

    private static object Order(Shop shop, string product, int quantity, string? code) => new
    {
        customer_id = shop.CustomerId, address_id = shop.AddressId, discount_code = code,
        items = new[] { new { product_id = product, quantity } },
    };
}

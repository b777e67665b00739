using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Analytics;

public sealed class SummingOrders(OrdersApplication app) : ApplicationTests
{
    [Theory]
    [InlineData("hour")]
    [InlineData("day")]
    [InlineData("month")]
    public async Task A_products_sums_are_those_of_its_lines(string grain)
    {
        var (shop, product, orders) = await TradeAsync();
        var lines = orders.SelectMany(order => order.Items.Where(item => item.ProductId == product)).ToList();

        var sums = await Eventually.Get(
            () => SumsAsync(app.Api, $"by=product&value={product}&grain={grain}"),
            found => found.Sum(sum => sum.GetProperty("orders").GetInt64()) == 3
                && found.Sum(sum => sum.GetProperty("cancelled").GetInt64()) == 1, "three orders, one of them cancelled");

        Assert.Equal(lines.Sum(line => line.Quantity), sums.Sum(sum => sum.GetProperty("items").GetInt64()));
        Assert.Equal(lines.Sum(line => line.Total), sums.Sum(sum => sum.GetProperty("revenue").GetDecimal()));
        Assert.All(sums, sum => Assert.Equal(product, sum.GetProperty("value").GetString()));
        Assert.All(sums, sum => Assert.False(sum.TryGetProperty("shipping", out _)));
    }

    [Fact]
    public async Task A_customers_key_gets_the_sums_of_that_customer_alone()
    {
        var (shop, _, orders) = await TradeAsync();
        using var customer = await app.HolderAsync(["orders:read"], shop.CustomerId);
        foreach (var by in new[] { "", "by=status", "by=district", "by=channel", "by=segment" })
        {
            var sums = await Eventually.Get(() => SumsAsync(customer, by), found => Sum(found, "orders") >= 3
                && Sum(found, "cancelled") == 1, $"the customer's orders by {by}");

            Assert.Equal(3, Sum(sums, "orders"));
            Assert.Equal(orders.Sum(order => order.Total), sums.Sum(sum => sum.GetProperty("revenue").GetDecimal()));
        }

        var segments = await SumsAsync(customer, "by=segment&grain=month");
        Assert.Equal(["new 1", "returning 2"], segments.Select(sum => string.Create(
            CultureInfo.InvariantCulture, $"{sum.GetProperty("value")} {sum.GetProperty("orders")}")).Order(StringComparer.Ordinal));

        static long Sum(IEnumerable<JsonElement> sums, string name) => sums.Sum(sum => sum.GetProperty(name).GetInt64());
    }

    /// <summary>A: paid, refunded, cancelled. B: delivered, returned, refunded. Nothing is left of both, whichever way it is cut.</summary>
    [Fact]
    public async Task Nothing_is_subtracted_twice_from_what_is_kept()
    {
        var shop = await Shop.OpenAsync(app);
        var (one, two) = (await shop.AddProductAsync(price: 100m), await shop.AddProductAsync(price: 200m));
        var first = await shop.PaidAsync((one, 1));
        await Shop.Ok(await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{first.Id}/refunds", null));
        await shop.DoAsync(first, "cancel");
        var second = await shop.DoAsync(await shop.DeliveredAsync((two, 1)), "return");
        await Shop.Ok(await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{second.Id}/refunds", null));
        var third = await shop.PaidAsync((one, 3));
        await shop.DoAsync(third, "cancel", new { items = new[] { new { line = 1, quantity = 1 } } });
        using var customer = await app.HolderAsync(["orders:read"], shop.CustomerId);

        foreach (var by in new[] { "by=status", "by=product", "by=category" })
        {
            var sums = await Eventually.Get(
                () => SumsAsync(customer, by), found => Net(found) == 200m
                    && found.Sum(sum => sum.GetProperty("orders").GetInt64()) == 3, "two of three pieces at 100 are kept");
            Assert.Equal(600.00m, sums.Sum(sum => sum.GetProperty("revenue").GetDecimal()));
        }

        var ofProduct = await Eventually.Get(() => SumsAsync(app.Api, $"by=product&value={two}"), found => found.Count > 0, "the product");
        Assert.Equal(0m, Net(ofProduct));
        Assert.Equal(0m, await app.Database.ScalarAsync<decimal>(
            "select sum(net_revenue) from analytics.v_products_daily where product_id = $1", two));

        static decimal Net(IEnumerable<JsonElement> sums) => sums.Sum(sum => sum.GetProperty("net_revenue").GetDecimal());
    }

    [StormFact]
    public async Task All_orders_are_in_the_sums_of_everything()
    {
        var (_, _, orders) = await TradeAsync();
        await Eventually.Holds(async () =>
        {
            var sums = await SumsAsync(app.Api, "grain=month&from=2000-01-01&to=2050-01-01");
            Assert.Equal(
                await app.Database.ScalarAsync<decimal>("select sum(total) from analytics.order_facts"),
                sums.Sum(sum => sum.GetProperty("revenue").GetDecimal()));
            Assert.True(sums.Sum(sum => sum.GetProperty("orders").GetInt64()) >= orders.Count);
        });
    }

    [Theory]
    [InlineData("by=colour", "by")]
    [InlineData("grain=week", "grain")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-01-02&to=2026-01-02", "from")]
    [InlineData("grain=hour&from=2020-01-01&to=2026-01-01", "from")]
    [InlineData("value=placed", "value")]
    [InlineData("colour=red", "colour")]
    public async Task What_cannot_be_answered_is_refused_by_name(string query, string field)
    {
        var reply = await app.Api.GetAsync($"/v1/analytics/orders?{query}");

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        var problem = await reply.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(field, problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    /// <summary>Three orders of two products, the last one cancelled.</summary>
    private async Task<(Shop Shop, string Product, List<OrderState> Orders)> TradeAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var (product, other) = (await shop.AddProductAsync(), await shop.AddProductAsync("Mesa", 120.55m));
        var orders = new List<OrderState>();
        for (var i = 1; i <= 3; i++) orders.Add(await shop.PlaceAsync((product, i), (other, 1)));
        await shop.DoAsync(orders[2], "cancel");
        return (shop, product, orders);
    }

    private static async Task<List<JsonElement>> SumsAsync(HttpClient api, string query)
    {
        var reply = await api.GetAsync($"/v1/analytics/orders?{query}");
        await Shop.Expect(reply, HttpStatusCode.OK);
        return [.. (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sums").EnumerateArray()];
    }
}

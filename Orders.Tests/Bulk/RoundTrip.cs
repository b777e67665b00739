using System.Net.Http.Json;
using System.Text;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

public sealed class RoundTrip(OrdersApplication app) : ApplicationTests
{
    /// <summary>Every column of the tables that an order is spread over, but what says how it came in.</summary>
    private static readonly string[] Tables =
    [
        "select to_jsonb(o) - 'stock_taken' - 'taken' - 'discount_use' from orders o where customer_id = $1 order by id",
        "select to_jsonb(i) from order_items i join orders o on o.id = i.order_id where customer_id = $1 order by o.id, i.line",
        "select to_jsonb(r) from order_refunds r join orders o on o.id = r.order_id where customer_id = $1 order by r.id",
        "select to_jsonb(s) from order_shipments s join orders o on o.id = s.order_id where customer_id = $1 order by s.id",
    ];

    [Fact]
    public async Task Export_import_into_an_empty_system_and_export_again_is_the_same_to_the_byte()
    {
        var shop = await ManyOrdersAsync();
        await using var other = await OtherSystem.StartAsync(app);
        var query = $"?customer_id={shop.CustomerId}";
        var first = await app.Api.ExportAsync(query);
        Assert.Empty(await other.Api.ExportAsync());

        var report = await BulkCalls.ReportAsync(await other.Api.PostBytesAsync(first));

        Assert.Equal((14, 0, 0), report.Counts);
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(await other.Api.ExportAsync()));
        Assert.Equal(first, await other.Api.ExportAsync());
        foreach (var rows in Tables)
        {
            var here = await app.Database.ListAsync<string>(rows, shop.CustomerId);
            Assert.NotEmpty(here);
            Assert.Equal(here, await other.Database.ListAsync<string>(rows, shop.CustomerId));
        }

        // And once more where it came from: nothing is new there.
        Assert.Equal((0, 14, 0), (await BulkCalls.ReportAsync(await app.Api.PostBytesAsync(first))).Counts);
        Assert.Equal(first, await app.Api.ExportAsync(query));
    }

    [Fact]
    public async Task Thousands_of_orders_with_any_past_come_out_as_they_went_in()
    {
        var seed = Random.Shared.Next();
        var lives = new OrderLives(seed);
        var orders = Enumerable.Range(0, 3000).Select(_ => lives.Next()).ToList();
        var lines = orders.ConvertAll(order => Encoding.UTF8.GetString(OrderBytes.Of(order)) + "\n");
        await using var other = await OtherSystem.StartAsync(app);

        // Backwards, because the order of the lines is nobody's business.
        var report = await BulkCalls.ReportAsync(
            await other.Api.PostBytesAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Reverse(lines)))));

        Assert.True(report.Counts == (3000, 0, 0),
            $"seed {seed}: {string.Join('\n', report.RejectedLines.SelectMany(line => line.Errors))}");
        var sorted = orders.Zip(lines).OrderBy(pair => pair.First.Id, StringComparer.Ordinal).Select(pair => pair.Second);
        Assert.Equal(string.Concat(sorted), Encoding.UTF8.GetString(await other.Api.ExportAsync()));
    }

    /// <summary>14 orders through the API: every status, and everything that leaves a mark on an order.</summary>
    private async Task<Shop> ManyOrdersAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var lamp = await shop.AddProductAsync("Lámpara \"Ñandú\" 🎁\\ <b>", 19.99m);
        var chair = await shop.AddProductAsync("椅子", 0.07m);
        await shop.PlaceAsync((lamp, 1));
        await PlaceAsync(shop, lamp, "ext-" + shop.CustomerId, null);
        await PlaceAsync(shop, lamp, null, await DiscountAsync(shop));
        await shop.DoAsync(await shop.PlaceAsync((lamp, 1), (chair, 3)), "confirm");
        await shop.DoAsync(await shop.PlaceAsync((lamp, 1)), "cancel", new { reason = "demasiado tarde, ¿no? 日" });
        await shop.DoAsync(await shop.PlaceAsync((lamp, 1)), "fail");
        await shop.DoAsync(await shop.PaidAsync((lamp, 1)), "cancel");
        await RefundAsync(shop, await shop.PaidAsync((lamp, 2)), 5.00m, 0.37m);
        await shop.DoAsync(
            await shop.PaidAsync((lamp, 2), (chair, 3)), "ship", new { carrier = "SEUR", lines = new[] { new { line = 2,
                quantity = 1 } } });
        var shipped = await shop.PaidAsync((lamp, 2), (chair, 1));
        await shop.DoAsync(shipped, "ship", new { carrier = "SEUR", lines = new[] { new { line = 1, quantity = 1 } } });
        await shop.DoAsync(shipped, "ship", new { carrier = "Correos", tracking = "PK 1" });
        await shop.DeliveredAsync((chair, 1000));
        await shop.DoAsync(
            await shop.DeliveredAsync((lamp, 2)), "return", new { reason = "roto", lines = new[] { new { line = 1, quantity = 1 } } });
        var returned = await shop.DoAsync(await shop.DeliveredAsync((lamp, 1), (chair, 1)), "return");
        await RefundAsync(shop, returned, returned.Total);
        var edited = await shop.PlaceAsync((lamp, 1));
        await Shop.Ok(await shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{edited.Id}",
            new { items = new[] { new { product_id = chair, quantity = 7 }, new { product_id = lamp, quantity = 2 } } }, "\"v1\""));
        return shop;
    }

    private async Task PlaceAsync(Shop shop, string product, string? externalId, string? discount) =>
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/orders", new
        {
            customer_id = shop.CustomerId, address_id = shop.AddressId, external_id = externalId, discount_code = discount,
            items = new[] { new { product_id = product, quantity = 3 } },
        }));

    private async Task<string> DiscountAsync(Shop shop)
    {
        var code = shop.CustomerId.ToUpperInvariant();
        await app.Database.ListAsync<int>(
            "insert into discounts (code, percent, min_subtotal, uses, active) values ($1, 33.33, 0, 0, true) returning 1", code);
        return code;
    }

    private async Task RefundAsync(Shop shop, OrderState order, params decimal[] amounts)
    {
        foreach (var amount in amounts)
            await Shop.Ok(await shop.SendAsync(HttpMethod.Post, $"/v1/orders/{order.Id}/refunds", new { amount, reason = "=2+2" }));
    }
}

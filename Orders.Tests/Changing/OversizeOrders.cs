using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Api.Domain;
using Orders.Contracts;
using Orders.Tests.Bulk;
using Orders.Tests.Inbound;
using Orders.Tests.Support;

namespace Orders.Tests.Changing;

/// <summary>An order whose event would not fit into a message is refused on every way in, and stops nothing.</summary>
public sealed class OversizeOrders(OrdersApplication app) : ApplicationTests
{
    private const string TooLarge = "/problems/order_too_large";

    [Fact]
    public async Task A_line_with_more_than_an_order_may_have_is_rejected_and_its_neighbours_go_in_and_on()
    {
        var shop = await Shop.OpenAsync(app);
        string[] lines =
        [
            ImportingOrders.Line(shop, "first"),
            Paid(shop, "many", 60_000, ""),
            Paid(shop, "long", 900, new string('x', 500)),
            ImportingOrders.Line(shop, "last"),
        ];

        var report = await app.Api.ImportAsync(lines);

        Assert.Equal((2, 0, 2), report.Counts);
        Assert.Equal([(2, "order_too_large", "refunds"), (3, "order_too_large", "order")],
            report.RejectedLines.Select(line => (line.Number, line.Code, line.Errors.Single().Field)));
        Assert.Equal((2, 0, 2), (await app.Api.ImportAsync(lines, "?dry_run=true")).Counts);
        await shop.FoundAsync(ImportLineTests.Accepted(lines[3]));
        Assert.Equal(2, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
    }

    [Fact]
    public async Task Placing_over_http_async_and_inbound_refuses_it_by_name_and_writes_nothing()
    {
        var shop = await Shop.OpenAsync(app);
        var items = (await LongProductsAsync()).Select(id => new { product_id = id, quantity = 1 }).ToArray();
        var order = new { customer_id = shop.CustomerId, address_id = shop.AddressId, items };

        var placed = await app.Api.PostAsJsonAsync("/v1/orders", order);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Content = JsonContent.Create(order) };
        request.Headers.Add("Prefer", "respond-async");
        var accepted = await app.Api.SendAsync(request);
        var (topic, key) = (new InboundTopic(app), Guid.NewGuid().ToString());
        await topic.SendAsync(key, InboundTopic.Command("orders.place", order));
        await topic.DrainAsync(key);

        await RefusedAsync(placed, "order");
        await Shop.Expect(accepted, HttpStatusCode.Accepted);
        var outcome = await Eventually.Get(
            () => app.Api.GetFromJsonAsync<JsonElement>(accepted.Headers.Location), seen => seen.TryGetProperty("done_at", out _), "done");
        Assert.Equal(("refused", TooLarge),
            (outcome.GetProperty("status").GetString(), outcome.GetProperty("problem").GetProperty("type").GetString()));
        Assert.Equal("order_too_large", (await topic.LetterAsync(key)).Reason);
        Assert.Equal(0, await topic.CountAsync(shop));
        Assert.Equal(10, await app.Database.ScalarAsync<int>("select stock from products where id = $1", items[0].product_id));
    }

    [Fact]
    public async Task A_full_order_grows_no_further_and_can_still_be_moved()
    {
        var shop = await Shop.OpenAsync(app);
        var (edited, paid, delivered) = (Full(shop, "edited", "placed"), Full(shop, "paid", "paid"), Full(shop, "back", "delivered"));
        Assert.Equal((3, 0, 0), (await app.Api.ImportAsync([.. new[] { edited, paid, delivered }.Select(Shop.Json)])).Counts);
        var more = edited.Items.Select(item => new { product_id = item.ProductId, quantity = 1 })
            .Append(new { product_id = await shop.AddProductAsync(), quantity = 1 });

        await RefusedAsync(await shop.SendAsync(HttpMethod.Patch, $"/v1/orders/{edited.Id}", new { items = more }, "*"), "order");
        var parcel = new { carrier = "SEUR", tracking = new string('x', 128), lines = new[] { new { line = 1, quantity = 1 } } };
        await RefusedAsync(await PostAsync(paid, "ship", parcel), "order");
        await RefusedAsync(await PostAsync(paid, "refunds", new { amount = 0.01m, reason = new string('x', 200) }), "order");
        await RefusedAsync(await PostAsync(delivered, "return", new { reason = new string('x', 200) }), "order");

        foreach (var order in new[] { edited, paid, delivered })
            Assert.True(Shop.Json(order) == await shop.GetTextAsync(order.Id), $"{order.Number} has changed");
        var confirmed = await shop.DoAsync(edited, "confirm");
        var cancelled = await shop.DoAsync(paid, "cancel", new { reason = new string('ñ', 500) });
        // The cancelled one is old and closed, and so in no search.
        await shop.FoundAsync(confirmed);
        foreach (var order in new[] { confirmed, cancelled })
        {
            Assert.Equal(Shop.Json(order), Shop.Json(Shop.Read(await app.Database.ScalarAsync<byte[]>(
                "select convert_to(state::text, 'UTF8') from order_history where order_id = $1 order by version desc limit 1", order.Id))));
        }
    }

    [Fact]
    public async Task The_last_refund_that_an_order_may_have_goes_in_and_the_next_one_does_not()
    {
        var shop = await Shop.OpenAsync(app);
        var line = Paid(shop, "refunded", 999, "");
        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([line])).Counts);
        var order = ImportLineTests.Accepted(line);

        await Shop.Expect(await PostAsync(order, "refunds", new { amount = 0.01m }), HttpStatusCode.Created);
        await RefusedAsync(await PostAsync(order, "refunds", new { amount = 0.01m }), "refunds");

        Assert.Equal(1000, await app.Database.ScalarAsync<long>("select count(*) from order_refunds where order_id = $1", order.Id));
        Assert.Equal(10.00m, await app.Database.ScalarAsync<decimal>("select refunded from orders where id = $1", order.Id));
    }

    private static async Task RefusedAsync(HttpResponseMessage reply, string field)
    {
        await Shop.Expect(reply, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(TooLarge, await Problem.TypeAsync(reply));
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    private Task<HttpResponseMessage> PostAsync(OrderState order, string what, object body) =>
        app.Api.PostAsJsonAsync($"/v1/orders/{order.Id}/{what}", body);

    /// <summary>A paid order with many small refunds.</summary>
    private static string Paid(Shop shop, string name, int refunds, string reason)
    {
        var said = reason.Length == 0 ? "" : $",\"reason\":\"{reason}\"";
        var ledger = string.Join(',', Enumerable.Repeat($$"""{"amount":0.01,"at":"2024-05-02T00:00:00Z"{{said}}}""", refunds));
        return ImportingOrders.Line(shop, name, ("status", "\"paid\""), ("items[0].unit_price", "1000"), ("refunds", $"[{ledger}]"));
    }

    /// <summary>An order that has as many bytes as leave room for its event's own fields and for nothing more.</summary>
    private static OrderState Full(Shop shop, string name, string status)
    {
        const int Most = TestSettings.OrderEventBytesMax - OrderLimits.EnvelopeBytes;
        var lines = 1;
        while (Of(lines, 4000) is var larger && Shop.Json(larger).Length <= Most) lines++;
        var full = Of(lines, 4000 - (Shop.Json(Of(lines, 4000)).Length - Most));
        Assert.Equal(Most, Shop.Json(full).Length);
        return full;

        OrderState Of(int count, int last) => ImportLineTests.Accepted(ImportingOrders.Line(shop, name, ("status", $"\"{status}\""),
            ("items", JsonSerializer.Serialize(Enumerable.Range(1, count).Select(line => new
            {
                product_id = $"p-{line}", name = "Lamp", unit_price = 1, quantity = 1,
                description = new string('x', line == count ? last : 4000),
            })))));
    }

    /// <summary>Products whose texts together are longer than an event may be.</summary>
    private async Task<List<string>> LongProductsAsync()
    {
        var ids = Enumerable.Range(0, 90).Select(_ => $"pro-{Guid.NewGuid():N}").ToList();
        await Shop.Ok(await app.Api.PostAsJsonAsync("/v1/products/import", ids.Select(id => new
        {
            id, sku = id, name = "Lámpara", description = new string('x', 4000), category = "hogar", manufacturer = "Luz", price = 1m,
            currency = "EUR", weight = 0.01m, stock = 10, active = true,
        })));
        return ids;
    }
}

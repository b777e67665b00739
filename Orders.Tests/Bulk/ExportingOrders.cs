using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

public sealed class ExportingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task An_export_holds_exactly_what_the_filter_selects_by_id()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var placed = await shop.PlaceAsync((product, 1));
        var cancelled = await shop.DoAsync(await shop.PlaceAsync((product, 2)), "cancel");
        var confirmed = await shop.DoAsync(await shop.PlaceAsync((await shop.AddProductAsync(), 3)), "confirm");
        var mine = $"?customer_id={shop.CustomerId}";

        Assert.Equal(Lines(placed, cancelled, confirmed), await TextAsync(mine));
        Assert.Equal(Lines(placed, confirmed), await TextAsync(mine + "&status=placed&status=confirmed"));
        Assert.Equal(Lines(placed, cancelled), await TextAsync("?product_id=" + product));
        Assert.Equal(Lines(cancelled), await TextAsync($"{mine}&total_min={cancelled.Total}&total_max={cancelled.Total}"));
        Assert.Equal("", await TextAsync(mine + "&placed_to=2020-01-01"));
    }

    [Fact]
    public async Task A_key_of_one_customer_exports_that_customers_orders_alone()
    {
        var (shop, stranger) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var own = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await stranger.PlaceAsync((await stranger.AddProductAsync(), 1));
        using var holder = await app.HolderAsync(["orders:read"], shop.CustomerId);

        Assert.Equal(Lines(own), Encoding.UTF8.GetString(await holder.ExportAsync()));
        Assert.Empty(await holder.ExportAsync("?customer_id=" + stranger.CustomerId));
    }

    [Fact]
    public async Task Csv_has_a_row_per_order_and_quotes_what_needs_it()
    {
        var shop = await Shop.OpenAsync(app);
        await app.Api.ImportAsync(
        [
            ImportingOrders.Line(shop, "1", ("status", "\"cancelled\""), ("reason", "\"=HYPERLINK(\\\"x\\\"), \\\"ja\\\"\""),
                ("destination", """{"id":"a","road":"Calle, 1","lat":40.5,"lon":-3.7}""")),
            ImportingOrders.Line(shop, "2", ("placed_at", "\"2024-05-02T00:00:00Z\""), ("channel", "\"@sum\"")),
        ]);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/orders/export?customer_id={shop.CustomerId}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        var reply = await app.Api.SendAsync(request);

        await Shop.Expect(reply, HttpStatusCode.OK);
        Assert.Equal("text/csv; charset=utf-8", reply.Content.Headers.ContentType!.ToString());
        Assert.EndsWith(".csv", reply.Content.Headers.ContentDisposition!.FileName!.Trim('"'), StringComparison.Ordinal);
        var rows = (await reply.Content.ReadAsStringAsync()).Split("\r\n");
        Assert.Equal(4, rows.Length);
        Assert.StartsWith("id,number,external_id,status,version,channel,placed_at,", rows[0], StringComparison.Ordinal);
        Assert.EndsWith(",reason", rows[0], StringComparison.Ordinal);
        Assert.Contains($",{ImportingOrders.Id(shop, "1")},cancelled,2,import,2024-05-01T10:00:00.000000Z,", rows[1],
            StringComparison.Ordinal);
        Assert.Contains(",'+34600000000,\"Calle, 1\",", rows[1], StringComparison.Ordinal);
        Assert.Contains(",40.5,-3.7,2,5,EUR,20.30,0.00,,0.00,3.52,20.30,0.000,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith(",2024-05-01T10:00:00.000000Z,,,\"'=HYPERLINK(\"\"x\"\"), \"\"ja\"\"\"", rows[1], StringComparison.Ordinal);
        Assert.Contains(",placed,1,'@sum,", rows[2], StringComparison.Ordinal);
        Assert.Equal("", rows[3]);
    }

    [Fact]
    public async Task Csv_can_have_a_row_per_line()
    {
        var shop = await Shop.OpenAsync(app);
        await app.Api.ImportAsync([ImportingOrders.Line(shop, "1", ("discount", "20.30"))]);

        var rows = (await TextAsync($"?customer_id={shop.CustomerId}&format=csv&rows=items")).Split("\r\n");

        Assert.Equal(4, rows.Length);
        Assert.StartsWith("order_id,number,external_id,status,placed_at,customer_id,line,product_id,", rows[0], StringComparison.Ordinal);
        Assert.EndsWith($",{shop.CustomerId},1,p-1,,Lamp,,,EUR,10.00,2,20.00,20.00,0.000,,", rows[1], StringComparison.Ordinal);
        Assert.EndsWith($",{shop.CustomerId},2,p-2,,Chair,,,EUR,0.10,3,0.30,0.30,0.000,,", rows[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?format=xml", "format")]
    [InlineData("?rows=items", "rows")]
    [InlineData("?format=csv&rows=lines", "rows")]
    [InlineData("?status=lost", "status")]
    [InlineData("?custumer_id=1", "custumer_id")]
    public async Task A_parameter_that_is_wrong_is_named(string query, string field)
    {
        var reply = await app.Api.GetAsync("/v1/orders/export" + query);

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    private async Task<string> TextAsync(string query) => Encoding.UTF8.GetString(await app.Api.ExportAsync(query));

    private static string Lines(params Orders.Contracts.OrderState[] orders) =>
        string.Concat(orders.Select(order => Shop.Json(order) + "\n"));
}

using System.Net;
using System.Text;
using Orders.Tests.Support;

namespace Orders.Tests.Bulk;

/// <summary>Imports into the running application: what goes in flows on like any other order.</summary>
public sealed class ImportingOrders(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task An_imported_order_is_read_found_and_published_once_and_takes_no_stock()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 5);
        var line = Line(shop, "a", ("status", "\"paid\""), ("items[0].product_id", $"\"{product}\""), ("items[0].quantity", "5"));

        Assert.Equal((1, 0, 0), (await app.Api.ImportAsync([line])).Counts);

        var order = ImportLineTests.Accepted(line);
        Assert.Equal(Shop.Json(order), await shop.GetTextAsync(order.Id));
        Assert.Equal(Shop.Json(order), await app.Database.ScalarAsync<string>(
            "select state::text from order_history where order_id = $1 and version = 3", order.Id));
        Assert.Equal([(3, "orders.imported", "paid")], await shop.HistoryAsync(order.Id));
        Assert.Single(await shop.FoundAsync(order));
        Assert.Equal(5, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        await Eventually.Get(() => app.DeliveredVersionsAsync(order.Id), versions => versions.Count > 0, "the event in the topic");

        // It goes on like any other order, and gives back no stock that it never took.
        await shop.DoAsync(order, "cancel", new { reason = "after all" });
        Assert.Equal(5, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        await Eventually.Get(() => app.DeliveredVersionsAsync(order.Id), versions => versions is [3, 4], "one event per version");
    }

    [Fact]
    public async Task Good_lines_go_in_between_bad_ones_and_the_bad_ones_are_named()
    {
        var shop = await Shop.OpenAsync(app);
        var good = Line(shop, "good");
        string[] lines =
        [
            good,
            "",
            "{\"external_id\":\"torn",
            Line(shop, "sum", ("total", "1")),
            "   ",
            Line(shop, "two", ("version", "0"), ("currency", "\"euro\"")),
            Line(shop, "good", ("channel", "\"another\"")),
            good,
            Line(shop, "last"),
        ];

        var report = await app.Api.ImportAsync(lines);

        Assert.Equal((2, 1, 4), report.Counts);
        Assert.Equal(7, report.Lines);
        Assert.Null(report.RejectedLinesOmitted);
        Assert.Equal(
        [
            (3, null, "malformed", "line"), (4, Id(shop, "sum"), "invalid", "total"), (6, Id(shop, "two"), "invalid", "currency,version"),
            (7, Id(shop, "good"), "exists_with_other_content", "external_id"),
        ], report.RejectedLines.Select(line => (
            line.Number, line.ExternalId, line.Code, string.Join(',', line.Errors.Select(error => error.Field).Order()))));
        Assert.Equal([Id(shop, "good"), Id(shop, "last")], await app.Database.ListAsync<string>(
            "select external_id from orders where customer_id = $1 order by external_id", shop.CustomerId));
        Assert.Equal("import", await app.Database.ScalarAsync<string>(
            "select channel from orders where external_id = $1", Id(shop, "good")));
    }

    [Fact]
    public async Task An_import_that_is_repeated_changes_nothing_even_if_an_order_has_moved_on()
    {
        var shop = await Shop.OpenAsync(app);
        string[] lines = [.. Enumerable.Range(0, 50).Select(n => Line(shop, n.ToString()))];
        Assert.Equal((50, 0, 0), (await app.Api.ImportAsync(lines)).Counts);
        var moved = await shop.DoAsync(ImportLineTests.Accepted(lines[7]), "confirm");

        Assert.Equal((0, 50, 0), (await app.Api.ImportAsync(lines)).Counts);
        var other = await app.Api.ImportAsync([Line(shop, "7", ("placed_at", "\"2024-05-01T10:00:00.000001Z\"")), lines[8]]);

        Assert.Equal((0, 1, 1), other.Counts);
        Assert.Equal("exists_with_other_content", other.RejectedLines.Single().Code);
        Assert.Equal(Shop.Json(moved), await shop.GetTextAsync(moved.Id));
        await AssertOnceAsync(shop, 50, events: 51);
    }

    [Fact]
    public async Task A_dry_run_checks_and_stores_nothing()
    {
        var shop = await Shop.OpenAsync(app);

        var report = await app.Api.ImportAsync([Line(shop, "1"), Line(shop, "2", ("total", "0"))], "?dry_run=true");

        Assert.Equal((1, 0, 1), report.Counts);
        await AssertOnceAsync(shop, 0, events: 0);
    }

    [Fact]
    public async Task What_is_no_stream_of_lines_is_refused()
    {
        var empty = await app.Api.PostBytesAsync("\n \r\n"u8.ToArray());
        await Shop.Expect(empty, HttpStatusCode.BadRequest);
        Assert.Equal(["body"], await Problem.FieldsAsync(empty));

        var json = await app.Api.PostAsync("/v1/orders/import", new StringContent("{}", Encoding.UTF8, "application/json"));
        await Shop.Expect(json, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(["Content-Type"], await Problem.FieldsAsync(json));

        var odd = await app.Api.PostLinesAsync(["{}"], "?dry_run=maybe");
        await Shop.Expect(odd, HttpStatusCode.BadRequest);
        Assert.Equal(["dry_run"], await Problem.FieldsAsync(odd));
    }

    [Fact]
    public async Task An_order_that_was_placed_here_keeps_its_ids_against_an_import()
    {
        var shop = await Shop.OpenAsync(app);
        var placed = await shop.PlaceAsync((await shop.AddProductAsync(), 1));

        var report = await app.Api.ImportAsync(
        [
            Line(shop, "id", ("id", $"\"{placed.Id}\"")),
            Line(shop, "number", ("number", $"\"{placed.Number}\"")),
            Shop.Json(placed),
            Shop.Json(placed with { Version = 2 }),
        ]);

        Assert.Equal((0, 1, 3), report.Counts);
        Assert.Equal(
            [(1, "exists_with_other_content"), (2, "number_taken"), (4, "exists_with_other_content")],
            report.RejectedLines.Select(line => (line.Number, line.Code)));
        await AssertOnceAsync(shop, 1, events: 1);
        Assert.Equal(Shop.Json(placed), await shop.GetTextAsync(placed.Id));
    }

    internal static string Id(Shop shop, string name) => $"{shop.CustomerId}-{name}";

    /// <summary>A placed order of the shop's customer.</summary>
    internal static string Line(Shop shop, string name, params (string, string?)[] changes) => ImportLineTests.With(
    [
        ("external_id", $"\"{Id(shop, name)}\""), ("customer.id", $"\"{shop.CustomerId}\""), ("customer.name", $"\"Ana {shop.Word}\""),
        .. changes,
    ]);

    private async Task AssertOnceAsync(Shop shop, int orders, int events)
    {
        Assert.Equal(orders, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
        Assert.Equal((events, events), (
            await app.Database.ScalarAsync<long>(
                "select count(*) from outbox b join orders o on o.id = b.order_id where o.customer_id = $1", shop.CustomerId),
            await app.Database.ScalarAsync<long>(
                "select count(*) from order_history h join orders o on o.id = h.order_id where o.customer_id = $1", shop.CustomerId)));
    }
}

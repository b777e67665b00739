using System.Net;
using System.Text.Json.Nodes;
using Orders.Tests.Docs;
using Orders.Tests.Support;

namespace Orders.Tests.Robustness;

/// <summary>What there is after hostile requests is what could be there after friendly ones.</summary>
internal static class Aftermath
{
    /// <summary>Text columns of what callers write.</summary>
    private const string Texts = """
        select table_name || '.' || column_name from information_schema.columns
        where table_schema = 'public' and data_type = 'text'
            and table_name in ('customers', 'addresses', 'products', 'orders', 'order_items', 'order_history', 'order_refunds', 'api_keys')
        """;

    public static async Task CheckAsync(OrdersApplication app, World world, ApiDocument document)
    {
        await Shop.Ok(await world.Api.GetAsync("/v1/health"));
        await NoTextIsGarbage(app);
        await OrdersAddUp(app);
        await RowsRoundTrip(app, world, document, "/v1/orders", "orders", "getOrder");
        await RowsRoundTrip(app, world, document, "/v1/products", "products", "getProduct");
        await RowsRoundTrip(app, world, document, "/v1/keys", "api_keys", "getKey");
        // The way through outbox, Kafka and indexer is free.
        await world.Shop.FoundAsync(await world.OrderAsync("placed"));
    }

    /// <summary>No control characters, no replacement characters of text that was broken on the way, nothing beyond any bound.</summary>
    private static async Task NoTextIsGarbage(OrdersApplication app)
    {
        var columns = await app.Database.ListAsync<string>(Texts);
        Assert.NotEmpty(columns);
        foreach (var column in columns)
        {
            var (table, name) = (column.Split('.')[0], column.Split('.')[1]);
            var found = await app.Database.ListAsync<string>(
                $"select {name} from {table} where {name} ~ '[\\x01-\\x1f\\x7f]|\\ufffd' or length({name}) > 4000 limit 5");
            Assert.True(found.Count == 0, $"{column}: {string.Join(" | ", found)}");
        }
    }

    private static async Task OrdersAddUp(OrdersApplication app)
    {
        (string What, string Where)[] rules =
        [
            ("totals", "select id from orders where total <> subtotal - discount + shipping or total < 0"),
            ("lines", "select id from orders o where subtotal <> (select sum(total) from order_items i where i.order_id = o.id)"),
            ("stock", "select id from products where stock < 0"),
            // An imported order's history begins at the version that it came with.
            ("versions", """
                select id || ' has version ' || o.version || ', its history ' || n || ' from ' || first || ' to ' || last
                from orders o, lateral (select count(*) as n, coalesce(min(version), 0) as first, coalesce(max(version), 0) as last
                    from order_history h where h.order_id = o.id) h
                where o.version <> last or n <> last - first + 1
                """),
        ];
        foreach (var (what, where) in rules)
        {
            var wrong = await app.Database.ListAsync<string>(where);
            Assert.True(wrong.Count == 0, $"{what}: {wrong.Count}, such as {string.Join("; ", wrong.Take(5))}");
        }
    }

    private static async Task RowsRoundTrip(
        OrdersApplication app, World world, ApiDocument document, string address, string table, string operationId)
    {
        var media = document.Operations.Single(operation => operation.Id == operationId)
            .Json["responses"]!["200"]!["content"]!["application/json"]!.AsObject();
        var ids = await app.Database.ListAsync<string>($"select id from {table} order by random() limit 300");
        Assert.NotEmpty(ids);
        foreach (var id in ids)
        {
            var reply = await world.Api.GetAsync($"{address}/{Uri.EscapeDataString(id)}");
            await Shop.Expect(reply, HttpStatusCode.OK);
            var row = JsonNode.Parse(await reply.Content.ReadAsStringAsync());
            Assert.Empty(document.Errors(media, row).Select(error => $"{address}/{id}: {error}"));
            Assert.Equal(id, (string?)row!["id"]);
        }
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class StreamingImports(OrdersApplication app) : ApplicationTests
{
    private static string Product(string id, string sku, string name = "Silla", string more = "") =>
        $$"""{"id":"{{id}}","sku":"{{sku}}","name":"{{name}}","category":"c","price":1.5,"currency":"EUR","weight":2{{more}}}""";

    [Fact]
    public async Task Good_lines_are_stored_and_bad_ones_reported_over_many_batches()
    {
        var tag = Calls.Tag();
        var lines = Enumerable.Range(1, 3500).Select(i => Product($"{tag}-{i}", $"{tag}-{i}", more: $",\"stock\":{i}")).ToArray();
        lines[6] = lines[6].Replace("\"price\":1.5", "\"price\":1.555");
        lines[1500] = "{\"id\":";
        lines[1501] = lines[1501].Replace("\"name\"", "\"nome\"");
        lines[1502] = "";
        lines[2999] = "null";
        lines[3000] = "[]";
        lines[3001] = new string('x', 70_000);

        var reply = await StreamAsync("products", "\uFEFF" + string.Join("\r\n", lines));

        var report = await reply.JsonAsync();
        Assert.Equal((3493, 6), (report.Number("accepted"), report.Number("rejected")));
        Assert.False(report.TryGetProperty("rejected_lines_omitted", out _));
        Assert.Equal(
            [
                "7 price: must have at most 2 decimals", "1501 line: is not valid JSON (byte 7)", "1502 nome: is not a known field",
                "3000 line: must be an object", "3001 line: has the wrong type or is out of range",
                "3002 line: is longer than 65536 bytes",
            ], Rejected(report));
        Assert.Equal(3493, await CountAsync(tag));
        Assert.Equal(3500, (await app.RowAsync("products", "id", $"{tag}-3500")).Number("stock"));
    }

    [Fact]
    public async Task A_stream_may_be_far_longer_than_any_other_request()
    {
        var tag = Calls.Tag();
        var lines = Enumerable.Range(1, 3000).Select(i =>
            Product($"{tag}-{i}", $"{tag}-{i}", more: $",\"description\":\"{new string('d', 2000)}\""));
        var text = string.Join('\n', lines);
        Assert.True(text.Length > 6_000_000);

        Assert.Equal(3000, (await (await StreamAsync("products", text)).JsonAsync()).Number("accepted"));

        Assert.Equal(3000, await CountAsync(tag));
    }

    [Fact]
    public async Task Sending_it_again_changes_nothing_and_a_change_changes_only_its_row()
    {
        var tag = Calls.Tag();
        string[] lines = [Product($"{tag}-1", $"{tag}-1", more: ",\"stock\":5"), Product($"{tag}-2", $"{tag}-2")];
        await StreamAsync("products", string.Join('\n', lines));
        await Shop.Ok(await app.Api.SendAsync("POST", $"/v1/products/{tag}-2/stock", """{"set":8}"""));
        var before = (await app.RowAsync("products", "id", $"{tag}-1")).ToString();

        lines[1] = lines[1].Replace("Silla", "Mesa");
        for (var i = 0; i < 2; i++)
        {
            var report = await (await StreamAsync("products", string.Join('\n', lines))).JsonAsync();
            Assert.Equal(2, report.Number("accepted"));
        }

        Assert.Equal(before, (await app.RowAsync("products", "id", $"{tag}-1")).ToString());
        var second = await app.RowAsync("products", "id", $"{tag}-2");
        Assert.Equal(("Mesa", 8, 2), (second.Text("name"), second.Number("stock"), second.Number("version")));
    }

    [Fact]
    public async Task Of_lines_with_one_id_the_last_wins()
    {
        var tag = Calls.Tag();
        var lines = Enumerable.Range(1, 2500).Select(i => Product($"{tag}-{i % 3}", $"{tag}-{i % 3}", $"n{i}"));

        var report = await (await StreamAsync("products", string.Join('\n', lines))).JsonAsync();

        Assert.Equal((2500, 0), (report.Number("accepted"), report.Number("rejected")));
        Assert.Equal(["n2499", "n2500", "n2498"], await app.Database.ListAsync<string>(
            "select name from products where starts_with(id, $1) order by id", tag));
    }

    [Fact]
    public async Task A_sku_is_one_products_within_a_stream_and_beside_it()
    {
        var tag = Calls.Tag();
        await app.ProductAsync($"{tag}-taken");
        await app.ProductAsync($"{tag}-too");
        string[] lines =
        [
            Product($"{tag}-a", $"{tag}-a"), Product($"{tag}-b", $"{tag}-a"), Product($"{tag}-c", $"{tag}-taken"),
            Product($"{tag}-d", $"{tag}-d"), Product($"{tag}-e", $"{tag}-e"), Product($"{tag}-e", $"{tag}-too"),
        ];

        var report = await (await StreamAsync("products", string.Join('\n', lines))).JsonAsync();

        Assert.Equal((2, 4), (report.Number("accepted"), report.Number("rejected")));
        Assert.Equal(
            [
                "2 sku: line 1 has it", "3 sku: another product has it", "5 line: line 6 has the same id and was refused",
                "6 sku: another product has it",
            ], Rejected(report));
        Assert.Equal([$"{tag}-a", $"{tag}-d"], await app.Database.ListAsync<string>(
            "select id from products where starts_with(id, $1) order by id", tag));
    }

    [Fact]
    public async Task Streams_of_the_same_products_do_not_lock_each_other_out()
    {
        var tag = Calls.Tag();
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(stream =>
        {
            var ids = Enumerable.Range(1, 1500).Select(i => stream % 2 == 0 ? i : 1501 - i);
            return StreamAsync("products", string.Join('\n', ids.Select(i => Product($"{tag}-{i}", $"{tag}-{i}", $"stream {stream}",
                i % 2 == 0 ? ",\"stock\":3" : ""))));
        }));

        foreach (var reply in replies) Assert.Equal(1500, (await reply.JsonAsync()).Number("accepted"));
        Assert.Equal(1500, await CountAsync(tag));
    }

    [Fact]
    public async Task Two_streams_that_want_the_same_skus_share_them_out()
    {
        var tag = Calls.Tag();
        var replies = await Task.WhenAll(new[] { "a", "b" }.Select(stream => StreamAsync(
            "products", string.Join('\n', Enumerable.Range(1, 1000).Select(i => Product($"{tag}-{stream}{i}", $"{tag}-{i}"))))));

        var reports = await Task.WhenAll(replies.Select(reply => reply.JsonAsync()));

        Assert.Equal((1000, 1000), (reports.Sum(report => report.Number("accepted")), reports.Sum(report => report.Number("rejected"))));
        Assert.Equal(1000, await CountAsync(tag));
    }

    [Fact]
    public async Task Customers_and_addresses_stream_too_and_addresses_need_their_customer()
    {
        var tag = Calls.Tag();
        var customers = Enumerable.Range(1, 1200).Select(i => $$"""
            {"client_id":"{{tag}}-{{i}}","first_name":"A","last_name":"B","email":"e","phone_number":"1","status":"active"}
            """);
        var addresses = Enumerable.Range(1, 1300).Select(i => $$"""
            {"client_id":"{{tag}}-{{i}}","address_id":"{{tag}}-{{i}}","coordinates":[40.5,-3.5],"road":"Calle {{i}}"}
            """);

        var first = await (await StreamAsync("customers", string.Join('\n', customers))).JsonAsync();
        var second = await (await StreamAsync("addresses", string.Join('\n', addresses))).JsonAsync();

        Assert.Equal((1200, 0), (first.Number("accepted"), first.Number("rejected")));
        Assert.Equal((1200, 100), (second.Number("accepted"), second.Number("rejected")));
        Assert.Equal("1201 client_id: there is no such customer", Rejected(second)[0]);
        Assert.Equal((1200, 1200), (await app.CountAsync("customers", "starts_with(client_id, $1)", tag),
            await app.CountAsync("addresses", "starts_with(address_id, $1)", tag)));
        Assert.Equal("[40.5,-3.5]", (await app.RowAsync("addresses", "address_id", $"{tag}-7")).GetProperty("coordinates").ToString());
    }

    [Fact]
    public async Task What_was_stored_stays_when_the_connection_breaks()
    {
        var tag = Calls.Tag();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/products/import");
        var lines = Enumerable.Range(1, 1700).Select(i => Product($"{tag}-{i}", $"{tag}-{i}") + "\n");
        request.Content = new BreakingContent(lines, () => Eventually.Is(async () => await CountAsync(tag) > 0, "the first batch"));
        request.Content.Headers.ContentType = new("application/x-ndjson");

        await Assert.ThrowsAnyAsync<Exception>(() => app.Api.SendAsync(request));

        Assert.Equal(1000, await CountAsync(tag));
        var whole = await (await StreamAsync("products", string.Concat(lines))).JsonAsync();
        Assert.Equal((1700, 1700), (whole.Number("accepted"), await CountAsync(tag)));
    }

    [Fact]
    public async Task A_long_report_is_cut_and_says_by_how_much()
    {
        var lines = Enumerable.Range(1, 1500).Select(i => $"bad {i}");

        var report = await (await StreamAsync("products", string.Join('\n', lines))).JsonAsync();

        Assert.Equal((0, 1500), (report.Number("accepted"), report.Number("rejected")));
        Assert.Equal(500, report.Number("rejected_lines_omitted"));
        var described = report.GetProperty("rejected_lines").EnumerateArray().Select(line => line.Number("line"));
        Assert.Equal(Enumerable.Range(1, 1000), described);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        var reply = await app.Api.SendAsync("POST", "/v1/products/import", "id,sku", type: "text/csv");
        await Shop.Expect(reply, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(["Content-Type"], await Problem.FieldsAsync(reply));
    }

    private Task<HttpResponseMessage> StreamAsync(string table, string text) => app.Api.StreamAsync($"/v1/{table}/import", text);

    private Task<long> CountAsync(string tag) => app.CountAsync("products", "starts_with(sku, $1)", tag);

    private static List<string> Rejected(JsonElement report) =>
    [
        .. report.GetProperty("rejected_lines").EnumerateArray().Select(line => $"{line.Number("line")} " + string.Join("; ",
            line.GetProperty("errors").EnumerateArray().Select(error => $"{error.Text("field")}: {error.Text("reason")}"))),
    ];

    /// <summary>Sends its lines, waits and then fails, so that the client drops the connection in the middle of the request.</summary>
    private sealed class BreakingContent(IEnumerable<string> lines, Func<Task> wait) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var line in lines) await stream.WriteAsync(Encoding.UTF8.GetBytes(line));
            await stream.FlushAsync();
            await wait();
            throw new IOException("the line is cut");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}

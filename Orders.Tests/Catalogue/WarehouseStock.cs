using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class WarehouseStock(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Pieces_come_go_and_are_counted_without_an_edit()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var before = await app.RowAsync("products", "id", id);

        foreach (var (move, stock) in new[] { ("""{"change":5}""", 15), ("""{"change":-15}""", 0), ("""{"set":7}""", 7) })
        {
            var reply = await ChangeAsync(id, move);
            Assert.Equal($"\"1.{stock}\"", reply.Headers.ETag?.ToString());
            Assert.Equal($$"""{"id":"{{id}}","stock":{{stock}}}""", (await reply.JsonAsync()).ToString());
            Assert.Equal(stock, (await app.RowAsync("products", "id", id)).Number("stock"));
        }

        var after = await app.RowAsync("products", "id", id);
        Assert.Equal((1, before.Text("updated_at")), (after.Number("version"), after.Text("updated_at")));
    }

    [Theory]
    [InlineData("{}", "change")]
    [InlineData("""{"change":1,"set":1}""", "change")]
    [InlineData("""{"change":0}""", "change")]
    [InlineData("""{"change":2147483647}""", "change")]
    [InlineData("""{"change":2147483648}""", "change")]
    [InlineData("""{"set":-1}""", "set")]
    [InlineData("""{"take":1}""", "take")]
    public async Task A_move_that_makes_no_sense_is_refused_by_name(string move, string field)
    {
        var id = await app.ProductAsync(Calls.Tag());
        var reply = await ChangeAsync(id, move);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
        Assert.Equal(10, (await app.RowAsync("products", "id", id)).Number("stock"));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_taken()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var reply = await ChangeAsync(id, """{"change":-11}""");
        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal("/problems/out_of_stock", await Problem.TypeAsync(reply));
        Assert.Equal(10, (await app.RowAsync("products", "id", id)).Number("stock"));
        await Shop.Expect(await ChangeAsync("pro-none", """{"change":1}"""), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Warehouse_and_orders_together_never_go_below_zero_nor_lose_a_piece()
    {
        var shop = await Shop.OpenAsync(app);
        var id = await app.ProductAsync(Calls.Tag());

        var taken = Enumerable.Range(0, 15).Select(_ => ChangeAsync(id, """{"change":-2}"""));
        var brought = Enumerable.Range(0, 5).Select(_ => ChangeAsync(id, """{"change":1}"""));
        var sold = Enumerable.Range(0, 15).Select(_ => shop.TryPlaceAsync((id, 1)));
        var replies = await Task.WhenAll([Task.WhenAll(taken), Task.WhenAll(brought), Task.WhenAll(sold)]);

        foreach (var reply in replies[1]) await Shop.Ok(reply);
        var left = 15 - (2 * replies[0].Count(Worked)) - replies[2].Count(Worked);
        Assert.Equal(left, (await app.RowAsync("products", "id", id)).Number("stock"));
        Assert.True(left >= 0, $"{left} pieces are left");
        Assert.Equal(replies[2].Count(Worked), await app.CountAsync("orders", "customer_id = $1", shop.CustomerId));

        static bool Worked(HttpResponseMessage reply) => reply.IsSuccessStatusCode;
    }

    [Fact]
    public async Task A_move_with_a_key_counts_once_however_often_it_is_sent()
    {
        var (id, key) = (await app.ProductAsync(Calls.Tag()), Calls.Tag());

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ChangeAsync(id, """{"change":-3}""", key)));

        var bodies = await Task.WhenAll(replies.Select(async reply => (await reply.JsonAsync()).ToString()));
        Assert.Equal([$$"""{"id":"{{id}}","stock":7}"""], bodies.Distinct());
        Assert.Equal(19, replies.Count(reply => reply.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(7, (await app.RowAsync("products", "id", id)).Number("stock"));
        await Shop.Expect(await ChangeAsync(id, """{"change":-4}""", key), HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_refused_move_leaves_its_key_free()
    {
        var (id, key) = (await app.ProductAsync(Calls.Tag()), Calls.Tag());
        await Shop.Expect(await ChangeAsync(id, """{"change":-11}""", key), HttpStatusCode.Conflict);
        await Shop.Ok(await ChangeAsync(id, """{"change":1}"""));

        await Shop.Ok(await ChangeAsync(id, """{"change":-11}""", key));

        Assert.Equal(0, (await app.RowAsync("products", "id", id)).Number("stock"));
    }

    private Task<HttpResponseMessage> ChangeAsync(string id, string move, string? key = null) =>
        app.Api.SendAsync("POST", $"/v1/products/{id}/stock", move, key: key);
}

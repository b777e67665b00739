using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class ProductTags(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Who_has_the_product_already_gets_304()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var tag = (await app.Api.GetAsync($"/v1/products/{id}")).Headers.ETag!.ToString();

        foreach (var known in new[] { tag, "*", $"\"x\", W/{tag}" })
        {
            var reply = await app.Api.SendAsync("GET", $"/v1/products/{id}", ifNoneMatch: known);
            await Shop.Expect(reply, HttpStatusCode.NotModified);
            Assert.Equal(tag, reply.Headers.ETag!.ToString());
            Assert.Empty(await reply.Content.ReadAsByteArrayAsync());
        }

        await app.Api.SendAsync("POST", $"/v1/products/{id}/stock", """{"change":-1}""");
        var changed = await app.Api.SendAsync("GET", $"/v1/products/{id}", ifNoneMatch: tag);
        Assert.Equal(9, (await changed.JsonAsync()).Number("stock"));
    }

    [Fact]
    public async Task A_write_that_was_decided_on_an_older_version_is_412()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var path = $"/v1/products/{id}";
        var tag = (await app.Api.GetAsync(path)).Headers.ETag!.ToString();
        await Shop.Ok(await app.Api.PatchAsync(path, """{"name":"first"}""", tag));
        var before = await app.RowAsync("products", "id", id);
        var whole = $$"""{"sku":"{{before.Text("sku")}}","name":"late","category":"hogar","price":3,"currency":"EUR","weight":1}""";

        foreach (var stale in new[] { tag, $"W/{tag}", "\"nonsense\"", $"{tag}, \"3.10\"" })
        {
            HttpResponseMessage[] replies =
            [
                await app.Api.PatchAsync(path, """{"name":"late"}""", stale),
                await app.Api.SendAsync("PUT", path, whole, stale),
                await app.Api.SendAsync("DELETE", path, ifMatch: stale),
            ];
            foreach (var reply in replies)
            {
                await Shop.Expect(reply, HttpStatusCode.PreconditionFailed);
                Assert.Equal(["If-Match"], await Problem.FieldsAsync(reply));
            }
        }

        Assert.Equal(before.ToString(), (await app.RowAsync("products", "id", id)).ToString());
        await Shop.Ok(await app.Api.PatchAsync(path, """{"name":"second"}""", $"\"x\", \"2.10\""));
        await Shop.Ok(await app.Api.SendAsync("DELETE", path, ifMatch: "*"));
        Assert.Equal(0, await app.CountAsync("products", "id = $1", id));
    }

    [Fact]
    public async Task A_precondition_that_cannot_be_read_is_refused_not_passed_over()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var reply = await app.Api.SendAsync("DELETE", $"/v1/products/{id}", ifMatch: "1.10");
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal(["If-Match"], await Problem.FieldsAsync(reply));
        Assert.Equal(1, await app.CountAsync("products", "id = $1", id));
    }

    [Fact]
    public async Task Of_two_editors_with_one_tag_one_wins()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(i =>
            app.Api.PatchAsync($"/v1/products/{id}", $$"""{"name":"editor {{i}}"}""", "\"1.10\"")));

        var winner = Assert.Single(replies, reply => reply.StatusCode == HttpStatusCode.OK);
        Assert.All(replies.Except([winner]), reply => Assert.Equal(HttpStatusCode.PreconditionFailed, reply.StatusCode));
        var row = await app.RowAsync("products", "id", id);
        Assert.Equal(((await winner.JsonAsync()).Text("name"), 2), (row.Text("name"), row.Number("version")));
    }

    [Fact]
    public async Task Sales_do_not_disturb_an_editor_unless_the_edit_sets_the_stock()
    {
        var shop = await Shop.OpenAsync(app);
        var id = await app.ProductAsync(Calls.Tag());
        var path = $"/v1/products/{id}";
        var tag = (await app.Api.GetAsync(path)).Headers.ETag!.ToString();
        await shop.PlaceAsync((id, 4));

        var stock = await app.Api.PatchAsync(path, """{"stock":12}""", tag);
        var name = await app.Api.PatchAsync(path, """{"name":"Flexo"}""", tag);

        await Shop.Expect(stock, HttpStatusCode.PreconditionFailed);
        Assert.Equal("\"2.6\"", name.Headers.ETag?.ToString());
        var row = await app.RowAsync("products", "id", id);
        Assert.Equal(("Flexo", 6), (row.Text("name"), row.Number("stock")));
        await Shop.Ok(await app.Api.PatchAsync(path, """{"stock":12}""", "\"2.6\""));
        Assert.Equal(12, (await app.RowAsync("products", "id", id)).Number("stock"));
    }
}

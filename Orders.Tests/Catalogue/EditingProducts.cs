using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class EditingProducts(OrdersApplication app) : ApplicationTests
{
    public static TheoryData<string, string> BadPatches => new()
    {
        { """{"nome":"x"}""", "nome" },
        { """{"name":"x","name":"y"}""", "name" },
        { """{"name":null}""", "name" },
        { """{"active":null}""", "active" },
        { """{"stock":null}""", "stock" },
        { """{"name":""}""", "name" },
        { """{"name":5}""", "name" },
        { """{"name":{"es":"x"}}""", "name" },
        { """{"price":-1}""", "price" },
        { """{"price":1.999}""", "price" },
        { """{"stock":-1}""", "stock" },
        { """{"stock":1.5}""", "stock" },
        { """{"currency":"euro"}""", "currency" },
        { """{"id":"pro-other"}""", "id" },
        { """{"version":7}""", "version" },
        { """{"description":"a\u0000b"}""", "description" },
        { "[]", "body" },
        { "null", "body" },
        { "", "body" },
        { "{", "body" },
    };

    [Fact]
    public async Task A_patch_changes_what_it_names_and_nothing_else()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var before = await app.RowAsync("products", "id", id);

        var reply = await app.Api.PatchAsync($"/v1/products/{id}", """{"name":"Flexo","price":5,"manufacturer":null}""");

        var after = await app.RowAsync("products", "id", id);
        Assert.Equal(("Flexo", 5m, ""), (after.Text("name"), after.GetProperty("price").GetDecimal(), after.Text("manufacturer")));
        foreach (var column in new[] { "sku", "description", "category", "currency", "weight", "stock", "active", "created_at" })
            Assert.Equal(before.GetProperty(column).ToString(), after.GetProperty(column).ToString());
        Assert.Equal(2, after.Number("version"));
        Assert.True(string.CompareOrdinal(after.Text("updated_at"), before.Text("updated_at")) > 0);
        Assert.Equal("\"2.10\"", reply.Headers.ETag?.ToString());
        var body = await reply.JsonAsync();
        Assert.Equal(("Flexo", 2, 10), (body.Text("name"), body.Number("version"), body.Number("stock")));
        Assert.Equal(body.ToString(), (await app.Api.GetJsonAsync($"/v1/products/{id}")).ToString());
    }

    [Theory]
    [MemberData(nameof(BadPatches))]
    public async Task A_bad_patch_is_refused_by_name_and_changes_nothing(string patch, string field)
    {
        var id = await app.ProductAsync(Calls.Tag());
        var before = await app.RowAsync("products", "id", id);

        var reply = await app.Api.PatchAsync($"/v1/products/{id}", patch);

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
        Assert.Equal(before.ToString(), (await app.RowAsync("products", "id", id)).ToString());
    }

    [Fact]
    public async Task A_patch_names_its_content_type_and_a_product_that_is_there()
    {
        var id = await app.ProductAsync(Calls.Tag());
        var plain = await app.Api.SendAsync("PATCH", $"/v1/products/{id}", """{"name":"x"}""");
        var list = await app.Api.SendAsync("PATCH", $"/v1/products/{id}", "[]", type: "application/json-patch+json");

        await Shop.Expect(plain, HttpStatusCode.OK);
        await Shop.Expect(list, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(["Content-Type"], await Problem.FieldsAsync(list));
        await Shop.Expect(await app.Api.PatchAsync("/v1/products/pro-none", """{"name":"x"}"""), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_leaves_the_version()
    {
        var id = await app.ProductAsync(Calls.Tag());
        foreach (var patch in new[] { "{}", """{"name":"Lámpara","price":19.990}""" })
            Assert.Equal(1, (await (await app.Api.PatchAsync($"/v1/products/{id}", patch)).JsonAsync()).Number("version"));
        Assert.Equal(1, (await app.RowAsync("products", "id", id)).Number("version"));
    }

    [Fact]
    public async Task Patches_of_different_fields_at_the_same_moment_all_survive()
    {
        var id = await app.ProductAsync(Calls.Tag());
        string[] patches =
        [
            """{"name":"N"}""", """{"description":"D"}""", """{"category":"C"}""", """{"manufacturer":"M"}""", """{"price":7.5}""",
            """{"weight":2.5}""", """{"active":false}""", """{"currency":"USD"}""",
        ];

        var replies = await Task.WhenAll(patches.Select(patch => app.Api.PatchAsync($"/v1/products/{id}", patch)));

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.OK);
        var row = await app.RowAsync("products", "id", id);
        Assert.Equal("N D C M 7.50 2.500 False USD 9 10", string.Join(' ',
            new[] { "name", "description", "category", "manufacturer", "price", "weight", "active", "currency", "version", "stock" }
                .Select(column => row.GetProperty(column).ToString())));
    }

    [Fact]
    public async Task Edits_never_put_back_pieces_that_were_sold_meanwhile()
    {
        var shop = await Shop.OpenAsync(app);
        var id = await app.ProductAsync(Calls.Tag(), name: "Silla");
        await (await app.Api.SendAsync("POST", $"/v1/products/{id}/stock", """{"set":100}""")).JsonAsync();
        var sku = (await app.RowAsync("products", "id", id)).Text("sku");
        var whole = $$"""{"sku":"{{sku}}","name":"Silla","category":"hogar","price":3,"currency":"EUR","weight":1}""";

        var edits = Enumerable.Range(0, 30).Select(i => i % 2 == 0
            ? app.Api.PatchAsync($"/v1/products/{id}", $$"""{"description":"{{i}}"}""")
            : app.Api.SendAsync("PUT", $"/v1/products/{id}", whole));
        var sales = Enumerable.Range(0, 30).Select(_ => shop.TryPlaceAsync((id, 2)));
        foreach (var reply in await Task.WhenAll(edits.Concat(sales))) await Shop.Ok(reply);

        Assert.Equal(40, (await app.RowAsync("products", "id", id)).Number("stock"));
    }

    [Fact]
    public async Task A_sku_that_another_product_has_is_refused()
    {
        var (mine, theirs) = (Calls.Tag(), Calls.Tag());
        var id = await app.ProductAsync(mine);
        await app.ProductAsync(theirs);

        var reply = await app.Api.PatchAsync($"/v1/products/{id}", $$"""{"sku":"{{theirs}}","name":"x"}""");

        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal(["sku"], await Problem.FieldsAsync(reply));
        var row = await app.RowAsync("products", "id", id);
        Assert.Equal((mine, "Lámpara", 1), (row.Text("sku"), row.Text("name"), row.Number("version")));
    }

    [Fact]
    public async Task Put_replaces_everything_but_a_stock_that_it_does_not_name()
    {
        var tag = Calls.Tag();
        var id = await app.ProductAsync(tag, active: false);

        var reply = await app.Api.SendAsync("PUT", $"/v1/products/{id}",
            $$"""{"sku":"{{tag}}","name":"Flexo","category":"luz","price":1,"currency":"EUR","weight":2}""");

        var body = await reply.JsonAsync();
        var row = await app.RowAsync("products", "id", id);
        Assert.Equal(("Flexo", "", "", 10, 2, true), (row.Text("name"), row.Text("description"), row.Text("manufacturer"),
            row.Number("stock"), row.Number("version"), row.GetProperty("active").GetBoolean()));
        Assert.Equal(10, body.Number("stock"));
    }
}

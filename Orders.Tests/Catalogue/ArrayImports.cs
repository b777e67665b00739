using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class ArrayImports(OrdersApplication app) : ApplicationTests
{
    private static string Product(string id, string sku) =>
        $$"""{"id":"{{id}}","sku":"{{sku}}","name":"Silla","category":"c","price":1,"currency":"EUR","weight":2}""";

    [Fact]
    public async Task One_sku_of_somebody_else_and_none_is_stored()
    {
        var tag = Calls.Tag();
        await app.ProductAsync($"{tag}-taken");

        var reply = await ImportAsync("products", Product($"{tag}-1", $"{tag}-1"), Product($"{tag}-2", $"{tag}-taken"));

        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal("/problems/sku_taken", await Problem.TypeAsync(reply));
        Assert.Equal(["[1].sku"], await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.CountAsync("products", "starts_with(id, $1)", tag));
    }

    [Fact]
    public async Task One_address_of_nobody_and_none_is_stored()
    {
        var shop = await Shop.OpenAsync(app);
        var tag = Calls.Tag();

        var reply = await ImportAsync("addresses",
            $$"""{"address_id":"{{tag}}-1","client_id":"{{shop.CustomerId}}"}""",
            $$"""{"address_id":"{{tag}}-2","client_id":"cus-none"}""");

        await Shop.Expect(reply, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["[1].client_id"], await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.CountAsync("addresses", "starts_with(address_id, $1)", tag));
    }

    [Fact]
    public async Task What_stands_twice_in_an_array_is_refused()
    {
        var tag = Calls.Tag();
        var id = await ImportAsync("products", Product($"{tag}-1", $"{tag}-1"), Product($"{tag}-1", $"{tag}-2"));
        var sku = await ImportAsync("products", Product($"{tag}-1", $"{tag}-1"), Product($"{tag}-2", $"{tag}-1"));

        Assert.Equal(["[1]"], await Problem.FieldsAsync(id));
        Assert.Equal(["[1].sku"], await Problem.FieldsAsync(sku));
        Assert.Equal(0, await app.CountAsync("products", "starts_with(id, $1)", tag));
    }

    [Fact]
    public async Task A_good_array_is_stored_and_counted()
    {
        var tag = Calls.Tag();
        var reply = await ImportAsync("products", Product($"{tag}-1", $"{tag}-1"), Product($"{tag}-2", $"{tag}-2"));
        Assert.Equal("""{"accepted":2,"rejected":0,"rejected_lines":[]}""", (await reply.JsonAsync()).ToString());
        Assert.Equal(2, await app.CountAsync("products", "starts_with(id, $1) and stock = 0 and version = 1", tag));
    }

    [Fact]
    public async Task An_array_has_its_limits()
    {
        var tag = Calls.Tag();
        var many = await ImportAsync("products", [.. Enumerable.Range(0, 1001).Select(i => Product($"{tag}-{i}", $"{tag}-{i}"))]);
        var none = await ImportAsync("products");

        foreach (var reply in new[] { many, none })
        {
            await Shop.Expect(reply, HttpStatusCode.BadRequest);
            Assert.Equal(["body"], await Problem.FieldsAsync(reply));
        }

        Assert.Equal(0, await app.CountAsync("products", "starts_with(id, $1)", tag));
    }

    private Task<HttpResponseMessage> ImportAsync(string table, params string[] records) =>
        app.Api.SendAsync("POST", $"/v1/{table}/import", $"[{string.Join(',', records)}]");
}

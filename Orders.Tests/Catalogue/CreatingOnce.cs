using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

/// <summary>Idempotency keys of products, customers and addresses.</summary>
public sealed class CreatingOnce(OrdersApplication app) : ApplicationTests
{
    public static TheoryData<string> Tables => ["products", "customers", "addresses"];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Twenty_duplicates_at_once_create_one_row(string table)
    {
        var (body, find) = await BodyAsync(table);
        var key = Calls.Tag();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(table, body, key)));

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.Created);
        Assert.Single((await Task.WhenAll(replies.Select(reply => reply.Content.ReadAsStringAsync()))).Distinct());
        Assert.Single(replies.Select(reply => reply.Headers.Location).Distinct());
        Assert.Equal(table == "products", Assert.Single(replies.Select(reply => reply.Headers.ETag).Distinct()) is not null);
        Assert.Equal(19, replies.Count(reply => reply.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await app.CountAsync(table, find));
        Assert.Equal((await app.Api.GetJsonAsync(replies[0].Headers.Location!.OriginalString)).ToString(),
            (await replies[1].JsonAsync(HttpStatusCode.Created)).ToString());
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Another_payload_with_the_same_key_is_refused(string table)
    {
        var (body, find) = await BodyAsync(table);
        var key = Calls.Tag();
        await Shop.Ok(await PostAsync(table, body, key));

        var other = await PostAsync(table, body + " ", key);

        await Shop.Expect(other, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["Idempotency-Key"], await Problem.FieldsAsync(other));
        Assert.Equal(1, await app.CountAsync(table, find));
    }

    [Fact]
    public async Task A_refused_attempt_leaves_its_key_free()
    {
        var (sku, key) = (Calls.Tag(), Calls.Tag());
        var body = $$"""{"sku":"{{sku}}","name":"x","category":"c","price":1,"currency":"EUR","weight":1}""";
        var holder = await app.ProductAsync(sku);
        await Shop.Expect(await PostAsync("products", body, key), HttpStatusCode.Conflict);
        await Shop.Ok(await app.Api.DeleteAsync($"/v1/products/{holder}"));

        await Shop.Expect(await PostAsync("products", body, key), HttpStatusCode.Created);

        Assert.Equal("x", (await app.RowAsync("products", "sku", sku)).Text("name"));
    }

    [Fact]
    public async Task Without_a_key_an_id_that_is_taken_is_refused()
    {
        var id = "pro-" + Calls.Tag();
        await app.ProductAsync(Calls.Tag(), id: id);

        var reply = await PostAsync("products",
            $$"""{"id":"{{id}}","sku":"{{Calls.Tag()}}","name":"x","category":"c","price":1,"currency":"EUR","weight":1}""", null);

        await Shop.Expect(reply, HttpStatusCode.Conflict);
        Assert.Equal(["id"], await Problem.FieldsAsync(reply));
        Assert.Equal("Lámpara", (await app.RowAsync("products", "id", id)).Text("name"));
    }

    private Task<HttpResponseMessage> PostAsync(string table, string body, string? key) =>
        app.Api.SendAsync("POST", $"/v1/{table}", body, key: key);

    /// <summary>A good body and the condition that finds its row, the id left to the service.</summary>
    private async Task<(string Body, string Find)> BodyAsync(string table)
    {
        var tag = Calls.Tag();
        switch (table)
        {
            case "products":
                return ($$"""{"sku":"{{tag}}","name":"x","category":"c","price":1,"currency":"EUR","weight":1}""", $"sku = '{tag}'");
            case "customers":
                return ($$"""{"first_name":"Eva","last_name":"{{tag}}","email":"e@example.com","phone_number":"1","status":"active"}""",
                    $"last_name = '{tag}'");
            default:
                var shop = await Shop.OpenAsync(app);
                return ($$"""{"client_id":"{{shop.CustomerId}}","road":"{{tag}}"}""", $"road = '{tag}'");
        }
    }
}

using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

public sealed class People(OrdersApplication app) : ApplicationTests
{
    private static string Customer(string word, string more = "") =>
        $$"""
        {"first_name":"Eva","last_name":"{{word}}","email":"eva@{{word}}.es","phone_number":"+34 600 11","status":"active"{{more}}}
        """;

    public static TheoryData<string, string, string> BadBodies => new()
    {
        { "customers", """{"last_name":"x","email":"e","phone_number":"1","status":"active"}""", "first_name" },
        { "customers", Customer("x", ""","name":"y" """), "name" },
        { "customers", Customer("x").Replace("active", "gone"), "status" },
        { "customers", Customer("x", ""","date_of_birth":"1980-02-30" """), "date_of_birth" },
        { "customers", Customer("x", ""","client_id":"" """), "client_id" },
        { "addresses", """{"road":"x"}""", "client_id" },
        { "addresses", """{"client_id":"cus-none","coordinates":[91,0]}""", "coordinates" },
        { "addresses", """{"client_id":"cus-none","coordinates":[1]}""", "coordinates" },
        { "addresses", """{"client_id":"cus-none","street":"x"}""", "street" },
    };

    public static TheoryData<string, string> BadPatches => new()
    {
        { """{"first_name":null}""", "first_name" },
        { """{"status":"gone"}""", "status" },
        { """{"client_id":"cus-other"}""", "client_id" },
        { """{"nickname":"x"}""", "nickname" },
        { """{"date_of_birth":7}""", "date_of_birth" },
    };

    [Fact]
    public async Task A_customer_is_created_read_and_found_by_what_people_know()
    {
        var word = "Zz" + Calls.Tag();
        var reply = await app.Api.SendAsync("POST", "/v1/customers", Customer(word, ""","gender":"Female" """));

        var created = await reply.JsonAsync(HttpStatusCode.Created);
        var id = created.Text("client_id");
        Assert.Matches("^cus-[0-9a-f]{8}-[0-9a-f]{4}-7", id);
        Assert.Equal($"/v1/customers/{id}", reply.Headers.Location?.OriginalString);
        var row = await app.RowAsync("customers", "client_id", id);
        Assert.Equal((word, "Female", row.Text("updated_at")), (row.Text("last_name"), row.Text("gender"), row.Text("created_at")));
        Assert.Equal(created.ToString(), (await app.Api.GetJsonAsync($"/v1/customers/{id}")).ToString());
        foreach (var text in new[] { word, $"ÉVA {word}", $"{word} eva", $"eva@{word}.ES", $"{word} 600" })
            Assert.Equal([id], await app.Api.WalkAsync($"/v1/customers?text={Uri.EscapeDataString(text)}", "client_id", 5));
        Assert.Equal([id], await app.Api.WalkAsync($"/v1/customers?status=active&text={word}", "client_id", 5));
        Assert.Empty(await app.Api.WalkAsync($"/v1/customers?status=suspended&text={word}", "client_id", 5));
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_refused_by_name(string table, string body, string field)
    {
        var reply = await app.Api.SendAsync("POST", $"/v1/{table}", body);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }

    [Theory]
    [MemberData(nameof(BadPatches))]
    public async Task A_bad_patch_is_refused_by_name_and_changes_nothing(string patch, string field)
    {
        var shop = await Shop.OpenAsync(app);
        var before = await app.RowAsync("customers", "client_id", shop.CustomerId);

        var reply = await app.Api.PatchAsync($"/v1/customers/{shop.CustomerId}", patch);

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
        Assert.Equal(before.ToString(), (await app.RowAsync("customers", "client_id", shop.CustomerId)).ToString());
    }

    [Fact]
    public async Task Patches_of_a_customer_at_the_same_moment_all_survive()
    {
        var shop = await Shop.OpenAsync(app);
        string[] patches =
        [
            """{"first_name":"Eva"}""", """{"email":"e@example.com"}""", """{"phone_number":"1"}""", """{"gender":null}""",
            """{"occupation":"Juez"}""", """{"status":"suspended"}""",
        ];

        foreach (var reply in await Task.WhenAll(patches.Select(patch => app.Api.PatchAsync($"/v1/customers/{shop.CustomerId}", patch))))
            await Shop.Expect(reply, HttpStatusCode.OK);

        var row = await app.RowAsync("customers", "client_id", shop.CustomerId);
        Assert.Equal("Eva e@example.com 1  Juez suspended 1980-02-29 2022-06-28", string.Join(' ', new[]
        {
            "first_name", "email", "phone_number", "gender", "occupation", "status", "date_of_birth", "created_at",
        }.Select(column => row.GetProperty(column).ToString())));
        Assert.NotEqual("2023-10-21", row.Text("updated_at"));
    }

    [Fact]
    public async Task An_address_is_created_patched_listed_and_deleted()
    {
        var shop = await Shop.OpenAsync(app);
        var (district, postcode) = (Calls.Tag(), Calls.Tag());
        var created = await (await app.Api.SendAsync("POST", "/v1/addresses",
            $$"""{"client_id":"{{shop.CustomerId}}","road":"Calle Mayor","city_district":"{{district}}","coordinates":[40.1,-3.5]}"""))
            .JsonAsync(HttpStatusCode.Created);
        var id = created.Text("address_id");
        Assert.Matches("^add-[0-9a-f]{8}-[0-9a-f]{4}-7", id);

        var patched = await (await app.Api.PatchAsync($"/v1/addresses/{id}",
            $$"""{"postcode":"{{postcode}}","coordinates":[1,2],"road":null,"client_id":"{{shop.CustomerId}}"}""")).JsonAsync();

        var row = await app.RowAsync("addresses", "address_id", id);
        Assert.Equal((postcode, "[1,2]", "", district), (row.Text("postcode"), row.GetProperty("coordinates").ToString(),
            row.GetProperty("road").ToString(), row.Text("city_district")));
        Assert.Equal(patched.ToString(), (await app.Api.GetJsonAsync($"/v1/addresses/{id}")).ToString());
        var filters = new[] { $"city_district={district}", $"postcode={postcode}", $"client_id={shop.CustomerId}&postcode={postcode}" };
        foreach (var query in filters)
            Assert.Equal([id], await app.Api.WalkAsync($"/v1/addresses?{query}", "address_id", 10));
        Assert.Equal(new[] { shop.AddressId, id }.Order(StringComparer.Ordinal),
            await app.Api.WalkAsync($"/v1/addresses?client_id={shop.CustomerId}", "address_id", 1));
        var moved = await app.Api.PatchAsync($"/v1/addresses/{id}", """{"client_id":"cus-other"}""");
        Assert.Equal(["client_id"], await Problem.FieldsAsync(moved));
        await Shop.Expect(await app.Api.DeleteAsync($"/v1/addresses/{id}"), HttpStatusCode.NoContent);
        await Shop.Expect(await app.Api.DeleteAsync($"/v1/addresses/{id}"), HttpStatusCode.NotFound);
        Assert.Equal(0, await app.CountAsync("addresses", "address_id = $1", id));
    }

    [Fact]
    public async Task An_address_of_nobody_is_refused()
    {
        var reply = await app.Api.SendAsync("POST", "/v1/addresses", """{"client_id":"cus-none","road":"x"}""");
        await Shop.Expect(reply, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["client_id"], await Problem.FieldsAsync(reply));
    }

    [Fact]
    public async Task A_customers_addresses_come_page_by_page()
    {
        var shop = await Shop.OpenAsync(app);
        var ids = new List<string> { shop.AddressId };
        for (var i = 0; i < 7; i++)
        {
            var reply = await app.Api.SendAsync("POST", "/v1/addresses", $$"""{"client_id":"{{shop.CustomerId}}","road":"{{i}}"}""");
            ids.Add((await reply.JsonAsync(HttpStatusCode.Created)).Text("address_id"));
        }

        foreach (var limit in new[] { 1, 3, 8, 200 })
            Assert.Equal(ids.Order(StringComparer.Ordinal),
                await app.Api.WalkAsync($"/v1/customers/{shop.CustomerId}/addresses", "address_id", limit));
    }

    [Fact]
    public async Task A_deleted_customer_takes_the_addresses_along_also_one_that_is_just_being_added()
    {
        for (var round = 0; round < 5; round++)
        {
            var shop = await Shop.OpenAsync(app);
            var adding = Enumerable.Range(0, 4).Select(i =>
                app.Api.SendAsync("POST", "/v1/addresses", $$"""{"client_id":"{{shop.CustomerId}}","road":"{{i}}"}""")).ToList();

            var deleted = await app.Api.DeleteAsync($"/v1/customers/{shop.CustomerId}");

            await Shop.Expect(deleted, HttpStatusCode.NoContent);
            foreach (var reply in await Task.WhenAll(adding))
                await Shop.Expect(reply, HttpStatusCode.Created, HttpStatusCode.UnprocessableEntity);
            Assert.Equal(0, await app.CountAsync("addresses", "client_id = $1", shop.CustomerId));
            Assert.Equal(0, await app.CountAsync("customers", "client_id = $1", shop.CustomerId));
        }
    }

    [Theory]
    [InlineData("/v1/customers?stauts=active", "stauts")]
    [InlineData("/v1/customers?status=gone", "status")]
    [InlineData("/v1/addresses?customer=x", "customer")]
    [InlineData("/v1/addresses?postcode=", "postcode")]
    public async Task A_bad_query_is_refused_by_name(string address, string field)
    {
        var reply = await app.Api.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
    }
}

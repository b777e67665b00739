using System.Net;
using Orders.Tests.Support;

namespace Orders.Tests.Catalogue;

/// <summary>What a key that is bound to a customer sees and may do here.</summary>
public sealed class BoundCallers(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task They_see_themselves_and_nobody_else()
    {
        var (mine, theirs) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        using var api = await HolderAsync(mine);

        Assert.Equal(mine.CustomerId, (await api.GetJsonAsync($"/v1/customers/{mine.CustomerId}")).Text("client_id"));
        Assert.Equal([mine.CustomerId], await api.WalkAsync("/v1/customers", "client_id", 1));
        Assert.Empty(await api.WalkAsync($"/v1/customers?text={theirs.Word}", "client_id", 5));
        Assert.Equal([mine.AddressId], await api.WalkAsync("/v1/addresses", "address_id", 1));
        Assert.Empty(await api.WalkAsync($"/v1/addresses?client_id={theirs.CustomerId}", "address_id", 5));
        Assert.Equal([mine.AddressId], await api.WalkAsync($"/v1/customers/{mine.CustomerId}/addresses", "address_id", 5));
        foreach (var path in new[]
        {
            $"customers/{theirs.CustomerId}", $"customers/{theirs.CustomerId}/addresses", $"addresses/{theirs.AddressId}",
        })
            await Shop.Expect(await api.GetAsync($"/v1/{path}"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task They_change_their_own_data_and_addresses()
    {
        var mine = await Shop.OpenAsync(app);
        using var api = await HolderAsync(mine);

        await Shop.Ok(await api.PatchAsync($"/v1/customers/{mine.CustomerId}", """{"email":"new@example.com"}"""));
        await Shop.Ok(await api.PatchAsync($"/v1/addresses/{mine.AddressId}", """{"road":"Calle Nueva"}"""));
        var added = await (await api.SendAsync("POST", "/v1/addresses", $$"""{"client_id":"{{mine.CustomerId}}","road":"Otra"}"""))
            .JsonAsync(HttpStatusCode.Created);

        Assert.Equal("new@example.com", (await app.RowAsync("customers", "client_id", mine.CustomerId)).Text("email"));
        Assert.Equal("Calle Nueva", (await app.RowAsync("addresses", "address_id", mine.AddressId)).Text("road"));
        Assert.Equal("Otra", (await app.RowAsync("addresses", "address_id", added.Text("address_id"))).Text("road"));
        await Shop.Ok(await api.DeleteAsync($"/v1/addresses/{added.Text("address_id")}"));
        Assert.Equal(1, await app.CountAsync("addresses", "client_id = $1", mine.CustomerId));
    }

    [Fact]
    public async Task They_cannot_touch_what_is_anothers_nor_learn_that_it_is_there()
    {
        var (mine, theirs) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        using var api = await HolderAsync(mine);
        var customer = await app.RowAsync("customers", "client_id", theirs.CustomerId);
        var address = await app.RowAsync("addresses", "address_id", theirs.AddressId);

        await Shop.Expect(await api.PatchAsync($"/v1/customers/{theirs.CustomerId}", """{"email":"x"}"""), HttpStatusCode.NotFound);
        await Shop.Expect(await api.PatchAsync($"/v1/addresses/{theirs.AddressId}", """{"road":"x"}"""), HttpStatusCode.NotFound);
        await Shop.Expect(await api.PatchAsync($"/v1/addresses/{theirs.AddressId}", """{"raod":"x"}"""), HttpStatusCode.NotFound);
        await Shop.Expect(await api.DeleteAsync($"/v1/addresses/{theirs.AddressId}"), HttpStatusCode.NotFound);
        var planted = await api.SendAsync("POST", "/v1/addresses", $$"""{"client_id":"{{theirs.CustomerId}}","road":"x"}""");
        var nobody = await api.SendAsync("POST", "/v1/addresses", """{"client_id":"cus-none","road":"x"}""");
        var chosen = await api.SendAsync("POST", "/v1/addresses",
            $$"""{"client_id":"{{mine.CustomerId}}","address_id":"{{theirs.AddressId}}","road":"x"}""");

        await Shop.Expect(planted, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(await Problem.FieldsAsync(nobody), await Problem.FieldsAsync(planted));
        await Shop.Expect(chosen, HttpStatusCode.BadRequest);
        Assert.Equal(["address_id"], await Problem.FieldsAsync(chosen));
        Assert.Equal(customer.ToString(), (await app.RowAsync("customers", "client_id", theirs.CustomerId)).ToString());
        Assert.Equal(address.ToString(), (await app.RowAsync("addresses", "address_id", theirs.AddressId)).ToString());
        Assert.Equal(1, await app.CountAsync("addresses", "client_id = $1", theirs.CustomerId));
    }

    [Fact]
    public async Task A_suspended_customer_cannot_lift_the_suspension()
    {
        var mine = await Shop.OpenAsync(app, status: "suspended");
        using var api = await HolderAsync(mine);

        var reply = await api.PatchAsync($"/v1/customers/{mine.CustomerId}", """{"status":"active"}""");

        await Shop.Expect(reply, HttpStatusCode.Forbidden);
        Assert.Equal("/problems/not_for_customers", await Problem.TypeAsync(reply));
        Assert.Equal("suspended", (await app.RowAsync("customers", "client_id", mine.CustomerId)).Text("status"));
    }

    private Task<HttpClient> HolderAsync(Shop shop) => app.HolderAsync(["orders:read", "orders:write"], shop.CustomerId);
}

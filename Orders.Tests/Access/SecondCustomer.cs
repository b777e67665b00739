using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Access;

/// <summary>
/// A key that is bound to one customer, on every route that knows of another: what is somebody else's is 404, exactly as what is
/// nobody's, and lists hold the customer's own alone.
/// </summary>
public sealed class SecondCustomer(OrdersApplication app) : ApplicationTests
{
    private static readonly string[] OwnScopes = ["orders:read", "orders:write"];

    public static TheoryData<string> OfAnOrder =>
        RouteTable.Where(route => route.Path.StartsWith("/v1/orders/{id}", StringComparison.Ordinal));

    public static TheoryData<string> OfACustomer =>
        RouteTable.Where(route => route.Path.StartsWith("/v1/customers/{id}", StringComparison.Ordinal));

    public static TheoryData<string> OfAnAddress =>
        RouteTable.Where(route => route.Path.StartsWith("/v1/addresses/{id}", StringComparison.Ordinal));

    public static TheoryData<string> OfAWebhook =>
        RouteTable.Where(route => route.Path.StartsWith("/v1/webhooks/{id}", StringComparison.Ordinal));

    private static readonly ConcurrentDictionary<OrdersApplication, Lazy<Task<Two>>> Made = new();

    /// <summary>What the catalogue and the problem pages show is everybody's.</summary>
    private static readonly string[] Everybodys = ["/v1/products/{id}", "/problems/{code}"];

    [Fact]
    public void Every_route_of_somebodys_is_tried_here()
    {
        var somebodys = RouteTable.All.Where(rule => rule.ForCustomers && rule.Path.Contains('{') && !Everybodys.Contains(rule.Path));
        string[] tried = ["/v1/orders/{id}", "/v1/orders/requests/{id}", "/v1/customers/{id}", "/v1/addresses/{id}", "/v1/webhooks/{id}"];
        Assert.Empty(somebodys.Where(rule => !tried.Any(path => rule.Path.StartsWith(path, StringComparison.Ordinal))));
    }

    [Theory]
    [MemberData(nameof(OfAnOrder))]
    public async Task Somebody_elses_order_is_404_and_stays_as_it_is(string route)
    {
        var (first, product, _, stranger) = await TwoAsync();
        var order = await first.PlaceAsync((product, 1));

        var somebodys = await SendAsync(stranger, route, order.Id, product);
        var nobodys = await SendAsync(stranger, route, NobodysOrder, product);

        await Shop.Expect(somebodys, HttpStatusCode.NotFound);
        await Shop.Expect(nobodys, HttpStatusCode.NotFound);
        await SameAsync(nobodys, NobodysOrder, somebodys, order.Id);
        Assert.Equal(1, await app.Database.ScalarAsync<int>("select version from orders where id = $1", order.Id));
    }

    [Theory]
    [MemberData(nameof(OfAnOrder))]
    public async Task The_customers_own_order_is_theirs_to_see_and_the_shops_work_is_not_theirs_to_do(string route)
    {
        var (shop, product, owner, _) = await TwoAsync();
        var order = await shop.PlaceAsync((product, 1));

        var reply = await SendAsync(owner, route, order.Id, product);

        if (RouteTable.Of(route).ForTheShop)
        {
            await Shop.Expect(reply, HttpStatusCode.Forbidden);
            Assert.Equal("/problems/not_for_customers", await Problem.TypeAsync(reply));
            Assert.Equal(1, await app.Database.ScalarAsync<int>("select version from orders where id = $1", order.Id));
        }
        else if (route.EndsWith("{refund}", StringComparison.Ordinal))
        {
            await Shop.Expect(reply, HttpStatusCode.NotFound);
            Assert.Contains("refund", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        else await Shop.Expect(reply, HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("?version=1")]
    [InlineData("?as_of=2099-01-01T00:00:00Z")]
    public async Task Somebody_elses_order_is_404_also_as_it_was(string query)
    {
        var (first, product, owner, stranger) = await TwoAsync();
        var order = await first.PlaceAsync((product, 1));

        await Shop.Expect(await stranger.GetAsync($"/v1/orders/{order.Id}{query}"), HttpStatusCode.NotFound);
        await Shop.Expect(await owner.GetAsync($"/v1/orders/{order.Id}{query}"), HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(OfACustomer))]
    public async Task Somebody_elses_data_is_404_and_ones_own_is_not(string route)
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);

        await Shop.Expect(await SendAsync(stranger, route, first.CustomerId, ""), HttpStatusCode.NotFound);
        await Shop.Expect(await SendAsync(stranger, route, "cus-nobody", ""), HttpStatusCode.NotFound);
        await Shop.Expect(await SendAsync(stranger, route, second.CustomerId, ""),
            RouteTable.Of(route).ForTheShop ? HttpStatusCode.Forbidden : HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(OfAnAddress))]
    public async Task Somebody_elses_address_is_404_and_stays_as_it_is(string route)
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);

        var somebodys = await SendAsync(stranger, route, first.AddressId, "");
        var nobodys = await SendAsync(stranger, route, "add-nobody", "");

        await Shop.Expect(somebodys, HttpStatusCode.NotFound);
        await SameAsync(nobodys, "add-nobody", somebodys, first.AddressId);
        Assert.Equal("Calle de Alcalá", await app.Database.ScalarAsync<string>(
            "select road from addresses where address_id = $1", first.AddressId));
        Assert.True((await SendAsync(stranger, route, second.AddressId, "")).IsSuccessStatusCode, route);
    }

    [Theory]
    [MemberData(nameof(OfAWebhook))]
    public async Task Somebody_elses_webhook_is_404_and_stays_as_it_is(string route)
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        using var owner = await app.HolderAsync(OwnScopes, first.CustomerId);
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);
        var made = await owner.PostAsJsonAsync("/v1/webhooks", new { url = "http://127.0.0.1:1/", event_types = new[] { "orders.paid" } });
        await Shop.Expect(made, HttpStatusCode.Created);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        var somebodys = await SendAsync(stranger, route, id, "");
        var nobodys = await SendAsync(stranger, route, "wh-nobody", "");

        await Shop.Expect(somebodys, HttpStatusCode.NotFound);
        await SameAsync(nobodys, "wh-nobody", somebodys, id);
        var still = await owner.GetFromJsonAsync<JsonElement>($"/v1/webhooks/{id}");
        Assert.Equal("http://127.0.0.1:1/", still.GetProperty("url").GetString());
        await Shop.Ok(await owner.DeleteAsync($"/v1/webhooks/{id}"));
    }

    [Theory]
    [InlineData("/v1/orders?limit=200")]
    [InlineData("/v1/orders?customer_id={0}")]
    [InlineData("/v1/customers?limit=200")]
    [InlineData("/v1/addresses?limit=200")]
    public async Task Lists_hold_the_customers_own_alone(string address)
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await first.AddProductAsync();
        await first.PlaceAsync((product, 1));
        await second.PlaceAsync((product, 1));
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);

        var own = await RowsAsync(stranger, string.Format(null, address, second.CustomerId));
        var others = await RowsAsync(stranger, string.Format(null, address, first.CustomerId));

        Assert.Contains(second.CustomerId, Assert.Single(own), StringComparison.Ordinal);
        Assert.DoesNotContain(first.CustomerId, string.Concat(own.Concat(others)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_finds_the_customers_own_alone_whatever_it_is_asked()
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await first.AddProductAsync();
        var (theirs, own) = (await first.PlaceAsync((product, 1)), await second.PlaceAsync((product, 1)));
        await first.FoundAsync(theirs);
        await second.FoundAsync(own);
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);

        Assert.Equal([own.Id], await SearchAsync(stranger, ""));
        Assert.Equal([own.Id], await SearchAsync(stranger, second.Word));
        foreach (var query in new[] { first.Word, theirs.Id, theirs.Number, $"&customer_id={first.CustomerId}" })
            Assert.Empty(await SearchAsync(stranger, query));
        Assert.Equal([theirs.Id], await SearchAsync(app.Api, $"&customer_id={first.CustomerId}"));
    }

    [Fact]
    public async Task An_order_for_somebody_else_is_refused_as_one_for_nobody_and_not_placed()
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await first.AddProductAsync();
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);

        var somebodys = await PlaceAsync(stranger, first.CustomerId, first.AddressId, product);
        var nobodys = await PlaceAsync(stranger, "cus-nobody", first.AddressId, product);
        var own = await PlaceAsync(stranger, second.CustomerId, second.AddressId, product);

        Assert.True(somebodys.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity, $"{somebodys.StatusCode}");
        Assert.Equal(nobodys.StatusCode, somebodys.StatusCode);
        await SameAsync(nobodys, "cus-nobody", somebodys, first.CustomerId);
        await Shop.Expect(own, HttpStatusCode.Created);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", first.CustomerId));
    }

    [Fact]
    public async Task An_order_for_somebody_else_is_refused_also_when_it_is_placed_later()
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await first.AddProductAsync();
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);
        using var third = await app.HolderAsync(OwnScopes, second.CustomerId);
        stranger.DefaultRequestHeaders.Add("Prefer", "respond-async");

        var accepted = await PlaceAsync(stranger, first.CustomerId, first.AddressId, product);
        await Shop.Expect(accepted, HttpStatusCode.Accepted);

        var outcome = await Eventually.Get(
            () => stranger.GetFromJsonAsync<JsonElement>(accepted.Headers.Location), reply => reply.TryGetProperty("problem", out _),
            "the request is refused");
        Assert.Contains("there is no such customer", outcome.GetRawText(), StringComparison.Ordinal);
        await Shop.Expect(await third.GetAsync(accepted.Headers.Location), HttpStatusCode.NotFound);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", first.CustomerId));
    }

    [Fact]
    public async Task An_order_to_somebody_elses_address_is_refused_as_one_to_nobodys()
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        var product = await first.AddProductAsync();
        using var stranger = await app.HolderAsync(OwnScopes, second.CustomerId);

        var somebodys = await PlaceAsync(stranger, second.CustomerId, first.AddressId, product);
        var nobodys = await PlaceAsync(stranger, second.CustomerId, "add-nobody", product);

        await Shop.Expect(somebodys, HttpStatusCode.UnprocessableEntity);
        await SameAsync(nobodys, "add-nobody", somebodys, first.AddressId);
    }

    /// <summary>Two customers and their keys, for all routes of an order: each has an order of its own there.</summary>
    private Task<Two> TwoAsync() => Made.GetOrAdd(app, _ => new(async () =>
    {
        var (first, second) = (await Shop.OpenAsync(app), await Shop.OpenAsync(app));
        return new Two(
            first, await first.AddProductAsync(), await app.HolderAsync(OwnScopes, first.CustomerId),
            await app.HolderAsync(OwnScopes, second.CustomerId));
    })).Value;

    /// <param name="First">Whose orders they are.</param>
    /// <param name="Product">What is ordered.</param>
    /// <param name="Owner">The api for the first customer.</param>
    /// <param name="Stranger">The api for the other one.</param>
    private sealed record Two(Shop First, string Product, HttpClient Owner, HttpClient Stranger);

    private const string NobodysOrder = "ord-01890000-0000-7000-8000-000000000000";

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string route, string id, string product)
    {
        var rule = RouteTable.Of(route);
        var path = rule.Path.Replace("{id}", id, StringComparison.Ordinal).Replace("{refund}", "ref-none", StringComparison.Ordinal)
            .Replace("{deliveryId}", "none", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(rule.Method), path);
        if (rule.Method == "PATCH") request.Headers.Add("If-Match", "*");
        if (rule.Method is "POST" or "PUT" or "PATCH")
        {
            var body = rule.Body.Replace("$product", product, StringComparison.Ordinal);
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return client.SendAsync(request);
    }

    private static Task<HttpResponseMessage> PlaceAsync(HttpClient client, string customer, string address, string product) =>
        client.PostAsJsonAsync("/v1/orders", new
        {
            customer_id = customer, address_id = address, channel = "web", items = new[] { new { product_id = product, quantity = 1 } },
        });

    /// <summary>The refusals differ in the id that was asked for and in nothing else.</summary>
    private static async Task SameAsync(HttpResponseMessage nobodys, string nobody, HttpResponseMessage somebodys, string somebody)
    {
        Assert.Equal(nobodys.StatusCode, somebodys.StatusCode);
        Assert.Equal((await TextAsync(nobodys)).Replace(nobody, somebody, StringComparison.Ordinal), await TextAsync(somebodys));

        static async Task<string> TextAsync(HttpResponseMessage reply)
        {
            var problem = await reply.Content.ReadFromJsonAsync<JsonObject>();
            problem!.Remove("trace_id");
            return problem.ToJsonString();
        }
    }

    private static async Task<List<string>> RowsAsync(HttpClient client, string address)
    {
        var reply = await client.GetAsync(address);
        await Shop.Expect(reply, HttpStatusCode.OK);
        var page = await reply.Content.ReadFromJsonAsync<JsonElement>();
        return [.. page.GetProperty("items").EnumerateArray().Select(row => row.GetRawText())];
    }

    private static async Task<List<string>> SearchAsync(HttpClient client, string query)
    {
        var text = query.StartsWith('&') ? query : $"&q={Uri.EscapeDataString(query)}";
        var reply = await client.GetAsync($"/v1/orders/search?page_size=200{text}");
        await Shop.Expect(reply, HttpStatusCode.OK);
        var page = await reply.Content.ReadFromJsonAsync<JsonElement>();
        return [.. page.GetProperty("hits").EnumerateArray().Select(hit => hit.Deserialize(OrdersJson.Default.OrderDocument)!.Id)];
    }
}

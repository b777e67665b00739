using System.Net;
using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

public sealed class RespondAsync(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task An_accepted_order_is_placed_a_moment_later()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(price: 70m, stock: 5);

        var accepted = await SendAsync(Body(shop, product, 2));
        await Shop.Expect(accepted, HttpStatusCode.Accepted);
        Assert.Equal("respond-async", accepted.Headers.GetValues("Preference-Applied").Single());
        var done = await OutcomeAsync(accepted);

        Assert.Equal("placed", done.GetProperty("status").GetString());
        var order = Shop.Read(Encoding.UTF8.GetBytes(await shop.GetTextAsync(done.GetProperty("order_id").GetString()!)));
        Assert.Equal((140.00m, 1, shop.CustomerId), (order.Total, order.Version, order.Customer.Id));
        Assert.Equal(3, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        Assert.Equal(order.Id, Assert.Single(await shop.FoundAsync(order)).Id);
    }

    [Fact]
    public async Task What_cannot_be_placed_says_why_where_its_outcome_is_asked_for()
    {
        var shop = await Shop.OpenAsync(app);
        var accepted = await SendAsync(Body(shop, await shop.AddProductAsync(stock: 1), 2));
        await Shop.Expect(accepted, HttpStatusCode.Accepted);

        var done = await OutcomeAsync(accepted);

        Assert.Equal("refused", done.GetProperty("status").GetString());
        Assert.Equal(("/problems/out_of_stock", 409),
            (done.GetProperty("problem").GetProperty("type").GetString(), done.GetProperty("problem").GetProperty("status").GetInt32()));
        await AssertOrdersAsync(shop, 0);
        await Shop.Expect(await SendAsync("""{"customer_id":"x"}"""), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_key_is_one_order_whichever_way_it_comes()
    {
        var shop = await Shop.OpenAsync(app);
        var body = Body(shop, await shop.AddProductAsync(), 1);
        var key = Guid.NewGuid().ToString();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(body, key)));
        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.Accepted);
        Assert.Single(replies.Select(reply => reply.Headers.Location!.ToString()).Distinct());
        var done = await OutcomeAsync(replies[0]);
        var sync = await SendAsync(body, key, prefer: null);

        await Shop.Expect(sync, HttpStatusCode.Created);
        Assert.Equal("true", sync.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(done.GetProperty("order_id").GetString(), Shop.Read(await sync.Content.ReadAsByteArrayAsync()).Id);
        await AssertOrdersAsync(shop, 1);
        await Shop.Expect(await SendAsync(body.Replace(":1}", ":2}", StringComparison.Ordinal), key), HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_request_that_never_reached_the_topic_is_sent_again()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var id = "req-" + Guid.NewGuid();
        var command = $$"""
            {"specversion":"1.0","id":"{{id}}","source":"/orders/api","type":"orders.place","data":{{Body(shop, product, 1)}}}
            """;
        // As the api leaves it when it dies between the commit and Kafka.
        await app.Database.ListAsync<string>(
            """
            insert into order_requests (id, owner, fingerprint, status, command, created_at)
            values ($1, 'somebody', '\x00', 'accepted', $2::json, now() - interval '1 hour') returning id
            """, id, command);

        await Eventually.Get(
            () => app.Database.ScalarAsync<string>("select status from order_requests where id = $1", id), status => status == "placed",
            "the request is placed");
        await AssertOrdersAsync(shop, 1);
    }

    private static string Body(Shop shop, string product, int quantity) => $$"""
        {"customer_id":"{{shop.CustomerId}}","address_id":"{{shop.AddressId}}",
         "items":[{"product_id":"{{product}}","quantity":{{quantity}}}]}
        """;

    private async Task<JsonElement> OutcomeAsync(HttpResponseMessage accepted) => await Eventually.Get(async () =>
    {
        var reply = await app.Api.GetAsync(accepted.Headers.Location);
        await Shop.Expect(reply, HttpStatusCode.OK);
        return JsonSerializer.Deserialize<JsonElement>(await reply.Content.ReadAsStringAsync());
    }, reply => reply.GetProperty("status").GetString() != "accepted", "the request's outcome");

    private async Task<HttpResponseMessage> SendAsync(string json, string? key = null, string? prefer = "respond-async")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await app.Api.SendAsync(request);
    }

    private async Task AssertOrdersAsync(Shop shop, int count) =>
        Assert.Equal(count, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId));
}

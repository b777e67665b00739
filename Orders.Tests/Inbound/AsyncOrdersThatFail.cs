using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

/// <summary>An order that was accepted and fails for an unknown reason has an outcome, and is not tried for good.</summary>
public sealed class AsyncOrdersThatFail(OrdersApplication app) : ApplicationTests
{
    private readonly InboundTopic _topic = new(app);

    [Fact]
    public async Task It_is_refused_with_the_reason_after_its_attempts_and_is_no_dead_letter()
    {
        var shop = await Shop.OpenAsync(app);
        var channel = $"x{Guid.NewGuid():N}"[..30];
        // Only this test's orders come by this channel.
        await app.ExecuteAsync(
            $"""
            create function {channel}() returns trigger language plpgsql as $$ begin raise exception 'made by a test'; end $$;
            create trigger {channel} before insert on orders for each row when (new.channel = '{channel}') execute function {channel}()
            """);
        try
        {
            var accepted = await SendAsync(shop, channel);
            await Shop.Expect(accepted, HttpStatusCode.Accepted);

            var done = await OutcomeAsync(accepted);

            Assert.Equal(("refused", "/problems/internal_error"),
                (done.GetProperty("status").GetString(), done.GetProperty("problem").GetProperty("type").GetString()));
            Assert.Contains("PostgresException", done.GetProperty("problem").GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal(0, await _topic.CountAsync(shop));
            await _topic.DrainAsync(shop.CustomerId);
            Assert.Empty(await _topic.LettersAsync(shop.CustomerId));
            Assert.Empty(await _topic.LettersAsync(done.GetProperty("id").GetString()!));
        }
        finally
        {
            await app.ExecuteAsync($"drop trigger {channel} on orders; drop function {channel}()");
        }
    }

    [Fact]
    public async Task A_request_that_cannot_be_read_is_refused_too_and_one_that_was_placed_stays_placed()
    {
        var (unread, placed) = ($"req-{Guid.NewGuid()}", $"req-{Guid.NewGuid()}");
        foreach (var id in new[] { unread, placed })
        {
            await app.ExecuteAsync(
                """
                insert into order_requests (id, owner, fingerprint, status, command, created_at)
                values ($1, 'test', '\x00', 'accepted', $2::json, now())
                """, id, """{"specversion":"1.0","id":"ID","source":"/orders/api","type":"orders.place","data":{"items":5}}"""
                    .Replace("ID", id, StringComparison.Ordinal));
        }

        // As when the api died after it had placed the order and before it had said so.
        await app.ExecuteAsync(
            """
            insert into idempotency_keys (owner, key, fingerprint, status, location, order_id, version)
            values ('test', $1, '\x00', 201, '/v1/orders/ord-there', 'ord-there', 1)
            """, placed);

        Assert.Equal("refused ", await StateAsync(unread));
        Assert.Equal("placed ord-there", await StateAsync(placed));
    }

    private Task<string> StateAsync(string id) => Eventually.Get(
        () => app.Database.ScalarAsync<string>("select status || ' ' || coalesce(order_id, '') from order_requests where id = $1", id),
        state => !state.StartsWith("accepted", StringComparison.Ordinal), "the request has an outcome");

    private async Task<HttpResponseMessage> SendAsync(Shop shop, string channel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders")
        {
            Content = JsonContent.Create(new
            {
                customer_id = shop.CustomerId, address_id = shop.AddressId, channel,
                items = new[] { new { product_id = await shop.AddProductAsync(), quantity = 1 } },
            }),
        };
        request.Headers.Add("Prefer", "respond-async");
        return await app.Api.SendAsync(request);
    }

    private Task<JsonElement> OutcomeAsync(HttpResponseMessage accepted) => Eventually.Get(
        () => app.Api.GetFromJsonAsync<JsonElement>(accepted.Headers.Location),
        seen => seen.GetProperty("status").GetString() != "accepted", "the request has an outcome");
}

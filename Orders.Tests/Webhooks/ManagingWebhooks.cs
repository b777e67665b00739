using System.Net;
using System.Net.Http.Json;
using Orders.ServiceDefaults.Webhooks;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

public sealed class ManagingWebhooks(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task The_secret_is_shown_once()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);

        Assert.Equal(32, WebhookSecret.Read(subscriber.Secret)?.Length);
        Assert.False((await subscriber.GetAsync()).TryGetProperty("secret", out _));
        var list = await Subscriber.ReadAsync(await subscriber.Api.GetAsync("/v1/webhooks"));
        Assert.DoesNotContain(subscriber.Secret, list.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(subscriber.Secret, await app.Database.ScalarAsync<string>(
            "select secret from webhook_subscriptions where id = $1", subscriber.WebhookId));
    }

    [Fact]
    public async Task Everybody_elses_subscriptions_do_not_exist()
    {
        await using var owner = await Subscriber.JoinAsync(app);
        await using var other = await Subscriber.KnockAsync(app);
        var order = await owner.PlaceAsync();
        await owner.DeliveryAsync($"{order}.1", "delivered");
        var webhook = $"/v1/webhooks/{owner.WebhookId}";

        HttpResponseMessage[] replies =
        [
            await other.Api.GetAsync(webhook),
            await other.Api.PatchAsync(webhook, JsonContent.Create(new { active = false })),
            await other.Api.DeleteAsync(webhook),
            await other.Api.GetAsync($"{webhook}/deliveries"),
            await other.Api.GetAsync($"{webhook}/deliveries/{order}.1"),
            await other.Api.PostAsync($"{webhook}/deliveries/{order}.1/redeliver", null),
            await other.Api.PostAsync($"{webhook}/test", null),
            await other.Api.PostAsync($"{webhook}/rotate-secret", null),
            await other.Api.PostAsJsonAsync($"{webhook}/replay", new { after = "2026-01-01T00:00:00Z" }),
        ];

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.NotFound);
        var list = await Subscriber.ReadAsync(await other.Api.GetAsync("/v1/webhooks"));
        Assert.Equal(0, list.GetProperty("items").GetArrayLength());
        Assert.True((await owner.GetAsync()).GetProperty("active").GetBoolean());
        Assert.Single(owner.Receiver.Received);
    }

    [Fact]
    public async Task To_hear_of_all_customers_is_for_admins()
    {
        using var reader = app.ApiWith(await app.TokenAsync("console"));
        var body = new { url = "http://127.0.0.1:1/", event_types = new[] { "*" } };

        await Shop.Expect(await reader.PostAsJsonAsync("/v1/webhooks", body), HttpStatusCode.Forbidden);
        await Shop.Expect(await reader.GetAsync("/v1/webhooks"), HttpStatusCode.Forbidden);
        using var writer = await app.HolderAsync(["orders:write"], (await Shop.OpenAsync(app)).CustomerId);
        var refused = await writer.PostAsJsonAsync("/v1/webhooks", body);
        await Shop.Expect(refused, HttpStatusCode.Forbidden);
        Assert.Contains("'orders:read'", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var receiver = await WebhookReceiver.StartAsync();
        var reply = await app.Api.PostAsJsonAsync("/v1/webhooks", new { url = receiver.Url, event_types = new[] { "orders.placed" } });
        await Shop.Expect(reply, HttpStatusCode.Created);
        var id = (await Subscriber.ReadAsync(reply)).GetProperty("id").GetString();
        var shops = new[] { await Shop.OpenAsync(app), await Shop.OpenAsync(app) };
        foreach (var shop in shops)
        {
            var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
            await Eventually.Is(() => Task.FromResult(receiver.Received.Any(webhook => webhook.Id == $"{order.Id}.1")), "the event");
        }

        await Shop.Expect(await app.Api.DeleteAsync($"/v1/webhooks/{id}"), HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_test_arrives_like_any_other_event()
    {
        await using var subscriber = await Subscriber.JoinAsync(app, "orders.paid");

        var reply = await subscriber.PostAsync("/test");

        await Shop.Expect(reply, HttpStatusCode.Accepted);
        var id = (await Subscriber.ReadAsync(reply)).GetProperty("id").GetString()!;
        var arrived = Assert.Single(await subscriber.ArrivedAsync(id));
        Assert.True(arrived.IsSignedWith(subscriber.Secret));
        Assert.Equal("orders.test", arrived.Event.GetProperty("type").GetString());
        Assert.Equal(id, arrived.Event.GetProperty("id").GetString());
        await subscriber.DeliveryAsync(id, "delivered");
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_until_the_grace_period_ends()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var reply = await subscriber.PostAsync("/rotate-secret");
        await Shop.Expect(reply, HttpStatusCode.OK);
        var rotated = await Subscriber.ReadAsync(reply);
        var fresh = rotated.GetProperty("secret").GetString()!;
        Assert.NotEqual(subscriber.Secret, fresh);
        Assert.True(rotated.TryGetProperty("previous_secret_until", out _));
        var first = await subscriber.PlaceAsync();
        var during = (await subscriber.ArrivedAsync($"{first}.1")).Single(webhook => webhook.Id == $"{first}.1");
        Assert.True(during.IsSignedWith(fresh) && during.IsSignedWith(subscriber.Secret));

        await Shop.Expect(await subscriber.PostAsync("/rotate-secret", new { grace_seconds = 0 }), HttpStatusCode.OK);

        var second = await subscriber.PlaceAsync();
        var after = (await subscriber.ArrivedAsync($"{second}.1")).Single(webhook => webhook.Id == $"{second}.1");
        Assert.False(after.IsSignedWith(fresh) || after.IsSignedWith(subscriber.Secret));
        Assert.DoesNotContain(' ', after.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_given_secret_is_used()
    {
        await using var subscriber = await Subscriber.KnockAsync(app);
        var secret = WebhookSecret.Generate();
        var reply = await subscriber.Api.PostAsJsonAsync(
            "/v1/webhooks", new { url = subscriber.Receiver.Url, event_types = new[] { "*" }, secret, description = "mine" });
        await Shop.Expect(reply, HttpStatusCode.Created);
        var webhook = await Subscriber.ReadAsync(reply);
        Assert.Equal((secret, "mine"), (webhook.GetProperty("secret").GetString(), webhook.GetProperty("description").GetString()));
        Assert.True(reply.Headers.CacheControl?.NoStore);

        var order = await subscriber.PlaceAsync();

        Assert.True((await subscriber.ArrivedAsync($"{order}.1")).Single().IsSignedWith(secret));
        await Shop.Expect(await subscriber.Api.DeleteAsync(reply.Headers.Location), HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_subscribes_once()
    {
        await using var subscriber = await Subscriber.KnockAsync(app);
        var key = Guid.NewGuid().ToString();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SubscribeAsync("orders.paid")));
        var other = await SubscribeAsync("orders.placed");

        foreach (var reply in replies) await Shop.Expect(reply, HttpStatusCode.Created);
        Assert.Equal(7, replies.Count(reply => reply.Headers.Contains("Idempotency-Replayed")));
        var texts = await Task.WhenAll(replies.Select(async reply =>
            (await reply.Content.ReadAsStringAsync(), reply.Headers.Location, reply.Headers.CacheControl?.NoStore)));
        Assert.Single(texts.Distinct());
        await Shop.Expect(other, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1, await app.Database.ScalarAsync<long>(
            "select count(*) from webhook_subscriptions where customer_id = $1", subscriber.Shop.CustomerId));

        Task<HttpResponseMessage> SubscribeAsync(string type)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/webhooks")
            {
                Content = JsonContent.Create(new { url = subscriber.Receiver.Url, event_types = new[] { type } }),
            };
            request.Headers.Add("Idempotency-Key", key);
            return subscriber.Api.SendAsync(request);
        }
    }

    [Fact]
    public async Task A_replay_sends_what_was_recorded_since_then_once_more()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var early = await subscriber.PlaceAsync();
        await subscriber.DeliveryAsync($"{early}.1", "delivered");
        var between = TimeProvider.System.GetUtcNow();
        var late = await subscriber.PlaceAsync();
        await subscriber.CancelAsync(late);
        await subscriber.DeliveryAsync($"{late}.2", "delivered");
        await subscriber.DeliveryAsync($"{late}.1", "delivered");

        var reply = await subscriber.PostAsync("/replay", new { after = between });

        await Shop.Expect(reply, HttpStatusCode.Accepted);
        Assert.Equal(2, (await Subscriber.ReadAsync(reply)).GetProperty("queued").GetInt32());
        await Eventually.Get(() => Task.FromResult(subscriber.Receiver.Received), received => received.Count >= 5, "both came again");
        Assert.Equal([$"{late}.1", $"{late}.2"],
            subscriber.Receiver.Received.Skip(3).Select(webhook => webhook.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_log_is_read_page_by_page_newest_first()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var orders = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            orders.Add(await subscriber.PlaceAsync());
            await subscriber.DeliveryAsync($"{orders[^1]}.1", "delivered");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await subscriber.GetAsync("/deliveries?status=delivered&limit=2" + (cursor is null ? "" : $"&cursor={cursor}"));
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(orders.Select(order => $"{order}.1").Reverse(), seen);
    }

    [Theory]
    [InlineData("""{"event_types":["*"]}""", "url")]
    [InlineData("""{"url":"nowhere","event_types":["*"]}""", "url")]
    [InlineData("""{"url":"ftp://127.0.0.1/","event_types":["*"]}""", "url")]
    [InlineData("""{"url":"http://me:word@127.0.0.1/","event_types":["*"]}""", "url")]
    [InlineData("""{"url":"http://127.0.0.1/"}""", "event_types")]
    [InlineData("""{"url":"http://127.0.0.1/","event_types":[]}""", "event_types")]
    [InlineData("""{"url":"http://127.0.0.1/","event_types":["*","orders.paid"]}""", "event_types")]
    [InlineData("""{"url":"http://127.0.0.1/","event_types":["orders.eaten"]}""", "event_types[0]")]
    [InlineData("""{"url":"http://127.0.0.1/","event_types":["orders.paid",null]}""", "event_types[1]")]
    [InlineData("""{"url":"http://127.0.0.1/","event_types":["*"],"secret":"whsec_c2hvcnQ="}""", "secret")]
    [InlineData("""{"url":"http://127.0.0.1/","event_types":["*"],"color":"red"}""", "color")]
    public async Task What_cannot_be_subscribed_is_refused_by_field(string body, string field)
    {
        await using var subscriber = await Subscriber.KnockAsync(app);

        var reply = await subscriber.Api.PostAsync("/v1/webhooks", new StringContent(body, null, "application/json"));

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal([field], await Problem.FieldsAsync(reply));
        Assert.Equal(0, await app.Database.ScalarAsync<long>(
            "select count(*) from webhook_subscriptions where customer_id = $1", subscriber.Shop.CustomerId));
    }

    [Fact]
    public async Task There_is_a_limit_also_when_many_subscribe_at_once()
    {
        await using var subscriber = await Subscriber.KnockAsync(app);
        var body = new { url = subscriber.Receiver.Url, event_types = new[] { "orders.imported" } };

        var replies = new List<HttpResponseMessage>();
        foreach (var burst in Enumerable.Range(0, 56).Chunk(8))
            replies.AddRange(await Task.WhenAll(burst.Select(_ => subscriber.Api.PostAsJsonAsync("/v1/webhooks", body))));

        Assert.Equal(50, replies.Count(reply => reply.StatusCode == HttpStatusCode.Created));
        var refused = replies.First(reply => reply.StatusCode != HttpStatusCode.Created);
        await Shop.Expect(refused, HttpStatusCode.Conflict);
        Assert.Equal("/problems/too_many_webhooks", await Problem.TypeAsync(refused));
        Assert.Equal(50, await app.Database.ScalarAsync<long>(
            "select count(*) from webhook_subscriptions where customer_id = $1", subscriber.Shop.CustomerId));
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

public sealed class DeliveringWebhooks(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task Every_change_of_an_order_arrives_whole_and_signed_under_its_own_id()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        var placed = await subscriber.Shop.GetTextAsync(order);
        await subscriber.CancelAsync(order);
        var cancelled = await subscriber.Shop.GetTextAsync(order);

        var arrived = await subscriber.ArrivedAsync($"{order}.1", $"{order}.2");

        Assert.All(arrived, webhook => Assert.True(webhook.IsSignedWith(subscriber.Secret)));
        var first = arrived.First(webhook => webhook.Id == $"{order}.1").Event;
        var second = arrived.First(webhook => webhook.Id == $"{order}.2").Event;
        Assert.Equal(("orders.placed", $"{order}.1", order), Named(first));
        Assert.Equal(("orders.cancelled", $"{order}.2", order), Named(second));
        Assert.Equal(placed, first.GetProperty("data").GetRawText());
        Assert.Equal(cancelled, second.GetProperty("data").GetRawText());
        var timestamp = long.Parse(arrived[0].Headers["webhook-timestamp"], CultureInfo.InvariantCulture);
        Assert.InRange(Math.Abs(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - timestamp), 0, 120);
        Assert.Equal("delivered", await app.Database.ScalarAsync<string>(
            "select status from webhook_deliveries where subscription_id = $1 and event_id = $2", subscriber.WebhookId,
            (await subscriber.DeliveryAsync($"{order}.2", "delivered")).GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task A_subscription_hears_of_the_types_that_it_is_for_and_of_its_customer_alone()
    {
        await using var subscriber = await Subscriber.JoinAsync(app, "orders.cancelled");
        await using var other = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        var foreign = await other.PlaceAsync();
        await subscriber.CancelAsync(order);

        await subscriber.ArrivedAsync($"{order}.2");
        await other.ArrivedAsync($"{foreign}.1");

        // What was not to come was not even noted.
        Assert.Equal([$"{order}.2"], await NotedAsync(subscriber));
        Assert.Equal([$"{foreign}.1"], await NotedAsync(other));
    }

    [Fact]
    public async Task What_happened_while_the_receiver_was_down_arrives_when_it_is_up()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        await subscriber.Receiver.StopAsync();
        var orders = new List<string>();
        for (var i = 0; i < 5; i++) orders.Add(await subscriber.PlaceAsync());
        await subscriber.CancelAsync(orders[0]);
        await Eventually.Get(() => subscriber.GetAsync(), webhook => webhook.GetProperty("consecutive_failures").GetInt32() > 3,
            "some tries have failed");
        var tried = await Eventually.Get(() => subscriber.GetAsync($"/deliveries?limit=1&status=pending"),
            page => page.GetProperty("items").GetArrayLength() == 1, "something is pending");
        Assert.True(tried.TryGetProperty("next_cursor", out _));

        await subscriber.Receiver.StartAgainAsync();

        string[] expected = [.. orders.Select(order => $"{order}.1"), $"{orders[0]}.2"];
        await subscriber.ArrivedAsync(expected);
        foreach (var id in expected) await subscriber.DeliveryAsync(id, "delivered");
        var webhook = await Eventually.Get(() => subscriber.GetAsync(), state => state.GetProperty("consecutive_failures").GetInt32() == 0,
            "failures are forgotten");
        Assert.False(webhook.TryGetProperty("failing_since", out _));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_again_and_the_log_shows_every_try()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        subscriber.Receiver.Answer = (_, context) => subscriber.Receiver.Received.Count <= 3
            ? WebhookReceiver.Status(context, HttpStatusCode.InternalServerError, "not today")
            : WebhookReceiver.Status(context, HttpStatusCode.OK, "thanks");

        var order = await subscriber.PlaceAsync();

        var delivery = await subscriber.DeliveryAsync($"{order}.1", "delivered");
        Assert.Equal([500, 500, 500, 200], Subscriber.StatusesOf(delivery));
        Assert.Equal(4, delivery.GetProperty("attempts_total").GetInt32());
        var attempts = delivery.GetProperty("attempts").EnumerateArray().ToList();
        Assert.Equal(["not today", "not today", "not today", "thanks"], attempts.Select(a => a.GetProperty("response").GetString()));
        Assert.All(attempts, attempt => Assert.True(attempt.GetProperty("latency_ms").GetInt64() >= 0));
        Assert.Equal(attempts.Select(a => a.GetProperty("at").GetDateTimeOffset()).Order(),
            attempts.Select(a => a.GetProperty("at").GetDateTimeOffset()));
        Assert.Equal(await subscriber.Shop.GetTextAsync(order), delivery.GetProperty("event").GetProperty("data").GetRawText());
        Assert.Single(subscriber.Receiver.Received.Select(webhook => webhook.Id).Distinct());
    }

    [Fact]
    public async Task A_delivery_that_was_given_up_can_be_sent_again()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.BadGateway);
        var order = await subscriber.PlaceAsync();
        var failed = await subscriber.DeliveryAsync($"{order}.1", "failed");
        Assert.Equal(Enumerable.Repeat(502, 12), Subscriber.StatusesOf(failed));
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.OK);

        var reply = await subscriber.PostAsync($"/deliveries/{order}.1/redeliver");

        await Shop.Expect(reply, HttpStatusCode.Accepted);
        var delivered = await subscriber.DeliveryAsync($"{order}.1", "delivered");
        Assert.Equal([.. Enumerable.Repeat(502, 12), 200], Subscriber.StatusesOf(delivered));
        Assert.Equal(13, subscriber.Receiver.Received.Count(webhook => webhook.Id == $"{order}.1"));
        Assert.All(subscriber.Receiver.Received, webhook => Assert.True(webhook.IsSignedWith(subscriber.Secret)));
    }

    [Fact]
    public async Task A_slow_receiver_delays_nobody_else()
    {
        await using var slow = await Subscriber.JoinAsync(app);
        await using var quick = await Subscriber.JoinAsync(app);
        slow.Receiver.Answer = (_, context) => context.RequestAborted.AsTask();
        for (var i = 0; i < 12; i++) await slow.PlaceAsync();
        await Eventually.Is(() => Task.FromResult(slow.Receiver.Received.Count >= 4), "the slow receiver holds what it may hold");

        var order = await quick.PlaceAsync();
        await Eventually.Get(() => Task.FromResult(quick.Receiver.Received), received => received.Any(w => w.Id == $"{order}.1"),
            "the quick receiver's event", TimeSpan.FromSeconds(5));

        var waited = await slow.GetAsync("/deliveries?status=delivered");
        Assert.Equal(0, waited.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_receiver_that_asks_for_a_pause_gets_it_for_everything()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var busy = true;
        subscriber.Receiver.Answer = (_, context) =>
        {
            if (!Volatile.Read(ref busy)) return WebhookReceiver.Status(context, HttpStatusCode.OK);
            context.Response.Headers.RetryAfter = "3";
            return WebhookReceiver.Status(context, HttpStatusCode.ServiceUnavailable);
        };
        var first = await subscriber.PlaceAsync();
        await Eventually.Get(() => subscriber.GetAsync(), webhook => webhook.GetProperty("consecutive_failures").GetInt32() > 0,
            "it has been asked for a pause");
        Volatile.Write(ref busy, false);

        var second = await subscriber.PlaceAsync();

        var later = FirstTry(await subscriber.DeliveryAsync($"{second}.1", "delivered"));
        var asked = FirstTry(await subscriber.DeliveryAsync($"{first}.1", "delivered"));
        Assert.InRange(later - asked, TimeSpan.FromSeconds(2.9), TimeSpan.FromSeconds(60));

        static DateTimeOffset FirstTry(JsonElement delivery) =>
            delivery.GetProperty("attempts").EnumerateArray().First().GetProperty("at").GetDateTimeOffset();
    }

    // Alone: an exporter that cannot keep up drops spans.
    [StormFact]
    public async Task One_trace_leads_from_the_request_to_the_receiver()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();

        var arrived = await subscriber.ArrivedAsync($"{order}.1");

        var webhook = arrived.First(received => received.Id == $"{order}.1");
        var trace = webhook.Headers["traceparent"].Split('-')[1];
        Assert.Equal(webhook.Event.GetProperty("traceparent").GetString()!.Split('-')[1], trace);
        await Eventually.Holds(() =>
        {
            var spans = string.Join(", ", app.Traces.SpansOf(trace).Select(span => $"{span.Service} {span.Name}"));
            foreach (var wanted in (string[])["api POST /v1/orders", "indexer record webhooks", "indexer deliver webhook"])
                Assert.Contains(wanted, spans, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    private Task<List<string>> NotedAsync(Subscriber subscriber) => app.Database.ListAsync<string>(
        "select event_id from webhook_deliveries where subscription_id = $1", subscriber.WebhookId);

    private static (string? Type, string? Id, string? Subject) Named(JsonElement received) =>
        (received.GetProperty("type").GetString(), received.GetProperty("id").GetString(), received.GetProperty("subject").GetString());
}

file static class Tokens
{
    /// <summary>A task that ends when the token is cancelled.</summary>
    public static Task AsTask(this CancellationToken token)
    {
        var ended = new TaskCompletionSource();
        token.Register(() => ended.TrySetResult());
        return ended.Task;
    }
}

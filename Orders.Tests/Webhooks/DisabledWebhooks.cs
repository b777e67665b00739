using System.Net;
using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

public sealed class DisabledWebhooks(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task After_a_day_of_failures_a_subscription_is_disabled_and_resumes_with_everything_when_enabled()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.InternalServerError);
        // A day has passed and the fiftieth failure is next.
        await ExecuteAsync(
            "update webhook_subscriptions set consecutive_failures = 49, failing_since = now() - interval '25 hours' where id = $1",
            subscriber.WebhookId);
        var before = await subscriber.PlaceAsync();
        var disabled = await DisabledAsync(subscriber);
        Assert.Equal("failing", disabled.GetProperty("disabled_reason").GetString());
        Assert.True(disabled.TryGetProperty("disabled_at", out _));

        var meanwhile = await subscriber.PlaceAsync();
        await subscriber.CancelAsync(meanwhile);
        await subscriber.DeliveryAsync($"{meanwhile}.2", "pending");
        var tries = subscriber.Receiver.Received.Count;
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.OK);
        Assert.Equal(tries, subscriber.Receiver.Received.Count);
        Assert.DoesNotContain(subscriber.Receiver.Received, webhook => webhook.Id.StartsWith(meanwhile, StringComparison.Ordinal));

        var enabled = await subscriber.ChangeAsync(new { active = true });

        Assert.True(enabled.GetProperty("active").GetBoolean());
        Assert.False(enabled.TryGetProperty("disabled_reason", out _));
        await subscriber.ArrivedAsync($"{before}.1", $"{meanwhile}.1", $"{meanwhile}.2");
        foreach (var id in new[] { $"{before}.1", $"{meanwhile}.1", $"{meanwhile}.2" }) await subscriber.DeliveryAsync(id, "delivered");
    }

    [Fact]
    public async Task Failures_of_less_than_a_day_do_not_disable()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.InternalServerError);
        await ExecuteAsync(
            "update webhook_subscriptions set consecutive_failures = 60, failing_since = now() - interval '23 hours' where id = $1",
            subscriber.WebhookId);

        var order = await subscriber.PlaceAsync();
        await subscriber.DeliveryAsync($"{order}.1", "failed");

        Assert.True((await subscriber.GetAsync()).GetProperty("active").GetBoolean());
    }

    [Fact]
    public async Task A_receiver_that_says_gone_is_left_alone_at_once_and_what_it_missed_is_kept()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.Gone);
        var order = await subscriber.PlaceAsync();

        var disabled = await DisabledAsync(subscriber);

        Assert.Equal("gone", disabled.GetProperty("disabled_reason").GetString());
        Assert.Equal([410], Subscriber.StatusesOf(await subscriber.DeliveryAsync($"{order}.1", "pending")));
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.OK);
        await subscriber.ChangeAsync(new { active = true });
        await subscriber.DeliveryAsync($"{order}.1", "delivered");
    }

    [Fact]
    public async Task Another_address_is_tried_at_once()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        await using var elsewhere = await WebhookReceiver.StartAsync();
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, HttpStatusCode.InternalServerError);
        var order = await subscriber.PlaceAsync();
        await subscriber.DeliveryAsync($"{order}.1", "failed");
        var waiting = await subscriber.PlaceAsync();
        await Eventually.Is(() => Task.FromResult(subscriber.Receiver.Received.Any(w => w.Id == $"{waiting}.1")), "it was tried");

        var changed = await subscriber.ChangeAsync(new { url = elsewhere.Url });

        Assert.Equal(0, changed.GetProperty("consecutive_failures").GetInt32());
        await subscriber.DeliveryAsync($"{waiting}.1", "delivered");
        Assert.Equal([$"{waiting}.1"], elsewhere.Received.Select(webhook => webhook.Id));
    }

    [Fact]
    public async Task What_is_disabled_takes_no_tests_and_no_redeliveries()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        await subscriber.DeliveryAsync($"{order}.1", "delivered");
        var disabled = await subscriber.ChangeAsync(new { active = false });
        Assert.Equal("requested", disabled.GetProperty("disabled_reason").GetString());

        foreach (var path in new[] { "/test", $"/deliveries/{order}.1/redeliver" })
        {
            var reply = await subscriber.PostAsync(path);
            await Shop.Expect(reply, HttpStatusCode.Conflict);
            Assert.Equal("/problems/webhook_disabled", await Problem.TypeAsync(reply));
        }

        Assert.Equal("delivered", (await subscriber.GetAsync($"/deliveries/{order}.1")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_deleted_subscription_is_gone_with_everything_that_it_left()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        await subscriber.DeliveryAsync($"{order}.1", "delivered");

        await Shop.Expect(await subscriber.Api.DeleteAsync($"/v1/webhooks/{subscriber.WebhookId}"), HttpStatusCode.NoContent);

        await Shop.Expect(await subscriber.Api.GetAsync($"/v1/webhooks/{subscriber.WebhookId}"), HttpStatusCode.NotFound);
        await Shop.Expect(await subscriber.Api.DeleteAsync($"/v1/webhooks/{subscriber.WebhookId}"), HttpStatusCode.NotFound);
        Assert.Equal("", await app.Database.ScalarAsync<string>(
            "select secret from webhook_subscriptions where id = $1", subscriber.WebhookId));
        await Eventually.Get(() => app.Database.ScalarAsync<long>(
            "select count(*) from webhook_deliveries where subscription_id = $1", subscriber.WebhookId), rows => rows == 0,
            "its deliveries are removed");
        await subscriber.PlaceAsync();
    }

    [Fact]
    public async Task What_is_past_its_retention_is_removed_with_its_event()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        await subscriber.DeliveryAsync($"{order}.1", "delivered");

        await ExecuteAsync("update webhook_events set recorded_at = now() - interval '8 days' where event_id = $1", $"{order}.1");
        await ExecuteAsync("update webhook_deliveries set expires_at = now() where event_id = $1", $"{order}.1");

        await Eventually.Get(() => app.Database.ScalarAsync<long>(
            """
            select (select count(*) from webhook_deliveries where event_id = $1)
                + (select count(*) from webhook_events where event_id = $1)
            """, $"{order}.1"), rows => rows == 0, "delivery and event are removed");
        await Shop.Expect(
            await subscriber.Api.GetAsync($"/v1/webhooks/{subscriber.WebhookId}/deliveries/{order}.1"), HttpStatusCode.NotFound);
    }

    private static Task<System.Text.Json.JsonElement> DisabledAsync(Subscriber subscriber) => Eventually.Get(
        () => subscriber.GetAsync(), webhook => !webhook.GetProperty("active").GetBoolean(), "the subscription is disabled");

    private async Task ExecuteAsync(string sql, string argument)
    {
        await using var command = app.Database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = argument });
        // Other subscriptions may have got the same event.
        Assert.InRange(await command.ExecuteNonQueryAsync(), 1, int.MaxValue);
    }
}

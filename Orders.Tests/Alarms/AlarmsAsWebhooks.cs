using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Orders.ServiceDefaults.Alarms;
using Orders.Tests.Support;
using Orders.Tests.Webhooks;

namespace Orders.Tests.Alarms;

public sealed class AlarmsAsWebhooks(OrdersApplication app) : ApplicationTests
{
    private static readonly string[] Type = ["system.alarm"];

    [Fact]
    public async Task An_alarm_goes_to_whoever_names_its_type_and_to_no_customer()
    {
        await using var customer = await Subscriber.JoinAsync(app);
        await using var operations = await WebhookReceiver.StartAsync();
        await using var orders = await WebhookReceiver.StartAsync();
        await SubscribeAsync(operations, Type);
        await SubscribeAsync(orders, ["*"]);
        var name = "check " + Guid.NewGuid();
        var alarm = new Alarm("Orders.Test", name, "it waits", DateTimeOffset.UnixEpoch.AddYears(56), IsRaised: true);
        var webhooks = new AlarmWebhooks(app.Database, Options.Create(new AlarmOptions()), TimeProvider.System);

        await webhooks.TellAsync(alarm, CancellationToken.None);
        await webhooks.TellAsync(alarm with { IsRaised = false }, CancellationToken.None);

        var told = await Eventually.Get(
            () => Task.FromResult(Told(operations, name)), seen => seen.Count == 2, "both alarms at the receiver");
        Assert.Equal(["raised", "cleared"], told.Select(data => (string?)data["state"]).OrderDescending());
        Assert.All(told, data => Assert.Equal(
            ("Orders.Test", "it waits", "2026-01-01T00:00:00.000000Z"),
            ((string?)data["service"], (string?)data["reason"], (string?)data["since"])));
        // What came after it has arrived.
        var order = await customer.PlaceAsync();
        await customer.ArrivedAsync($"{order}.1");
        await Eventually.Is(() => Task.FromResult(orders.Received.Any(hook => hook.Id == $"{order}.1")), "the order at the other receiver");
        Assert.Empty(Told(orders, name));
        Assert.Empty(Told(customer.Receiver, name));
    }

    [Fact]
    public async Task A_key_that_is_bound_to_a_customer_gets_no_alarms()
    {
        await using var customer = await Subscriber.KnockAsync(app);

        var reply = await customer.Api.PostAsJsonAsync("/v1/webhooks", new { url = customer.Receiver.Url, event_types = Type });

        await Shop.Expect(reply, HttpStatusCode.BadRequest);
        Assert.Equal(["event_types"], (await Problem.FieldsAsync(reply)).Distinct());
    }

    private async Task SubscribeAsync(WebhookReceiver receiver, string[] types) => await Shop.Expect(
        await app.Api.PostAsJsonAsync("/v1/webhooks", new { url = receiver.Url, event_types = types }), HttpStatusCode.Created);

    private static List<JsonNode> Told(WebhookReceiver receiver, string name) =>
    [
        .. receiver.Received.Select(hook => JsonNode.Parse(hook.Body)!).Where(hook => (string?)hook["type"] == Type[0])
            .Select(hook => hook["data"]!).Where(data => (string?)data["alarm"] == name),
    ];
}

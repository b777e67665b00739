using System.Globalization;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Streams;
using Orders.Indexer.Webhooks;
using Orders.Tests.Support;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Webhooks;

/// <summary>What the stream brings, into the real tables; for subscriptions that nobody has, so that nobody sends it.</summary>
public sealed class RecordingDeliveries(OrdersApplication app) : ApplicationTests
{
    private readonly string _subscription = "whk-" + Guid.NewGuid();

    [Fact]
    public async Task A_batch_that_comes_again_changes_nothing_and_its_order_is_kept()
    {
        var order = "ord-" + Guid.NewGuid();
        var events = Enumerable.Range(1, 250).Select(version => Taken(order, version)).ToList();

        await RecordAsync(events);
        await ExecuteAsync("update webhook_deliveries set status = 'delivered', attempts = 1 where subscription_id = $1", _subscription);
        await RecordAsync(events);

        var ids = await app.Database.ListAsync<string>(
            "select event_id from webhook_deliveries where subscription_id = $1 and status = 'delivered' order by due_at", _subscription);
        Assert.Equal(events.Select(taken => taken.Event.Id), ids);
        Assert.Equal(250, await app.Database.ScalarAsync<long>("select count(*) from webhook_events where order_id = $1", order));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(events[9].Raw.Value!), await app.Database.ScalarAsync<string>(
            "select payload from webhook_events where event_id = $1", $"{order}.10"));
        await ForgetAsync();
    }

    [Fact]
    public async Task Two_events_that_claim_one_id_do_not_stop_the_stream()
    {
        var (first, second) = ("ord-" + Guid.NewGuid(), "ord-" + Guid.NewGuid());
        var impostor = Sample.Event(second) with { Id = OrderEvent.IdOf(first, 1) };

        await RecordAsync([Taken(first, 1), EventDecoder.Decode(Sample.Raw(impostor), Sample.Noon, out _)!, Taken(second, 2)]);

        Assert.Equal([$"{first}.1", $"{second}.2"], await app.Database.ListAsync<string>(
            "select event_id from webhook_deliveries where subscription_id = $1 order by due_at", _subscription));
        await ForgetAsync();
    }

    [Fact]
    public async Task An_old_event_that_comes_again_is_young_so_that_housekeeping_leaves_it()
    {
        var order = "ord-" + Guid.NewGuid();
        await RecordAsync([Taken(order, 1)]);
        await ExecuteAsync("update webhook_events set recorded_at = now() - interval '6 days' where order_id = $1", order);

        await RecordAsync([Taken(order, 1)]);

        Assert.True(await app.Database.ScalarAsync<bool>(
            "select recorded_at > now() - interval '1 minute' from webhook_events where order_id = $1", order));
        await ForgetAsync();
    }

    private Task RecordAsync(IReadOnlyList<StreamEvent> events) =>
        new DeliveryRecords(app.Database, Options.Create(new WebhookOptions { RecordedRowsMax = 100 })).RecordAsync(
            events, [.. events.Select((_, index) => (index, _subscription))], CancellationToken.None);

    private static StreamEvent Taken(string order, int version) => Sample.Taken(order, version);

    private Task ForgetAsync() => ExecuteAsync("delete from webhook_deliveries where subscription_id = $1", _subscription);

    private async Task ExecuteAsync(string sql, string argument)
    {
        await using var command = app.Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = argument });
        Assert.True(await command.ExecuteNonQueryAsync() > 0, string.Create(CultureInfo.InvariantCulture, $"no row: {sql}"));
    }
}

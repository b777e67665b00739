using Npgsql;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

public sealed class IndexersThatDie(OrdersApplication app) : StormTests
{
    private const int Backlog = 2000;

    [Fact]
    public async Task Nothing_is_lost_when_an_indexer_is_killed_while_it_delivers()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        await subscriber.ArrivedAsync($"{order}.1");
        var expected = await MultiplyAsync(order);
        await Eventually.Is(() => Task.FromResult(subscriber.Receiver.Received.Count > Backlog / 10), "deliveries are under way");

        var killed = await app.KillAsync("indexer");
        Assert.InRange(subscriber.Receiver.Received.Count, Backlog / 10, Backlog - 1);
        await app.StartAgainAsync(killed);

        await Eventually.Get(
            () => Task.FromResult(Missing()), missing => missing.Count == 0, "nothing is missing", TimeSpan.FromMinutes(2));
        await Eventually.Get(() => app.Database.ScalarAsync<long>(
            "select count(*) from webhook_deliveries where subscription_id = $1 and status <> 'delivered'", subscriber.WebhookId),
            open => open == 0, "every delivery is noted as such");
        Assert.All(subscriber.Receiver.Received, webhook => Assert.True(webhook.IsSignedWith(subscriber.Secret)));

        List<string> Missing()
        {
            var arrived = subscriber.Receiver.Received.Select(webhook => webhook.Id).ToHashSet(StringComparer.Ordinal);
            return [.. expected.Where(id => !arrived.Contains(id))];
        }
    }

    [Fact]
    public async Task Of_an_order_that_changes_faster_than_it_is_read_every_version_arrives()
    {
        const int Versions = 120;
        await using var subscriber = await Subscriber.JoinAsync(app);
        var order = await subscriber.PlaceAsync();
        await using var insert = app.Database.CreateCommand(
            """
            insert into outbox (order_id, version, type, payload)
            select order_id, n, type, replace(replace(payload::text, order_id || '.1"', order_id || '.' || n || '"'),
                '"version":1,', '"version":' || n || ',')::json
            from outbox, generate_series(2, $2) as n where order_id = $1
            """);
        insert.Parameters.Add(new() { Value = order });
        insert.Parameters.Add(new() { Value = Versions });
        Assert.Equal(Versions - 1, await insert.ExecuteNonQueryAsync());

        var arrived = await subscriber.ArrivedAsync([.. Enumerable.Range(1, Versions).Select(version => OrderEvent.IdOf(order, version))]);

        Assert.All(arrived, webhook => Assert.Equal(webhook.Id, OrderEvent.IdOf(order, webhook.Version)));
    }

    [Fact]
    public async Task Deliveries_go_on_after_the_database_was_restarted()
    {
        await using var subscriber = await Subscriber.JoinAsync(app);
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, System.Net.HttpStatusCode.ServiceUnavailable);
        var before = await subscriber.PlaceAsync();
        await subscriber.ArrivedAsync($"{before}.1");

        await app.RestartDatabaseAsync();
        subscriber.Receiver.Answer = (_, context) => WebhookReceiver.Status(context, System.Net.HttpStatusCode.OK);

        var after = await Eventually.Get(() => subscriber.PlaceAsync(), order => order.Length > 0, "orders are placed again");
        await subscriber.ArrivedAsync($"{after}.1");
        foreach (var id in new[] { $"{before}.1", $"{after}.1" }) await subscriber.DeliveryAsync(id, "delivered");
    }

    /// <summary>Commits events of that many further orders, all like one that exists, in one transaction.</summary>
    /// <returns>Their ids.</returns>
    private async Task<List<string>> MultiplyAsync(string orderId)
    {
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into outbox (order_id, version, type, payload)
            select id, version, type, replace(payload::text, order_id, id)::json
            from outbox, lateral (select 'ord-' || gen_random_uuid() as id, n from generate_series(1, $2) as n) as copies
            where order_id = $1
            returning order_id || '.' || version
            """,
            connection) { Parameters = { new() { Value = orderId }, new() { Value = Backlog } } };
        await using var rows = await insert.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await rows.ReadAsync()) ids.Add(rows.GetString(0));
        Assert.Equal(Backlog, ids.Count);
        return ids;
    }
}

using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Webhooks;

public sealed class FastChanges(OrdersApplication app) : StormTests
{
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
}

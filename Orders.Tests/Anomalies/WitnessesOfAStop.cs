using System.Net;
using System.Net.Http.Json;
using Confluent.Kafka;
using Npgsql;
using Orders.Contracts;
using Orders.Tests.Inbound;
using Orders.Tests.Reading;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

/// <summary>Streams and requests that wait end at once and cleanly when the api is asked to stop. The last one to arrange itself.</summary>
internal sealed class StreamsThatEnd(OrdersApplication app) : Witness
{
    private HttpClient _client = null!;
    private EventStream _stream = null!;
    private Task _waiting = Task.CompletedTask;
    private long _started;

    public override async Task ArrangeAsync()
    {
        _client = app.ApiWith(app.AdminToken);
        _stream = await EventStream.OpenAsync(_client);
        _waiting = new Follower(_client, await Follower.NewestAsync(_client), "&wait=30").StepAsync();
        _started = TimeProvider.System.GetTimestamp();
    }

    public override async Task MeanwhileAsync()
    {
        await _stream.EndAsync();
        await _waiting;
        var took = TimeProvider.System.GetElapsedTime(_started);
        Assert.True(took < TimeSpan.FromSeconds(10), $"it took {took}");
    }

    public override async Task AssertAsync()
    {
        using var again = await EventStream.OpenAsync(_client, lastId: _stream.LastId);
    }

    protected override ValueTask CleanUpAsync()
    {
        _stream?.Dispose();
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A slot that is lost is replaced, and what it never saw is sent all the same.</summary>
internal sealed class LostSlot(OrdersApplication app) : Witness
{
    private string _source = "";
    private string _order = "";

    public override async Task ArrangeAsync()
    {
        var shop = await Shop.OpenAsync(app);
        var order = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(order);
        _source = order.Id;
    }

    /// <summary>The api is down, the slot is dropped, and an order's event is written that no slot will ever see.</summary>
    public override async Task MeanwhileAsync()
    {
        await Eventually.Is(async () =>
        {
            await app.Database.ScalarAsync<object>("select pg_drop_replication_slot($1)::text", WireNames.Outbox.Slot);
            return true;
        }, "the slot is dropped");
        _order = "ord-" + Guid.CreateVersion7();
        await using var connection = await app.Database.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            """
            insert into outbox (order_id, version, type, payload)
            select $1, version, type, replace(payload::text, order_id, $1)::json from outbox where order_id = $2
            """,
            connection) { Parameters = { new() { Value = _order }, new() { Value = _source } } };
        Assert.Equal(1, await insert.ExecuteNonQueryAsync());
    }

    public override Task AssertAsync() => Eventually.Get(() => app.DeliveredVersionsAsync(_order), versions =>
        versions.Count > 0, "the event that the slot never saw was delivered");
}

/// <summary>As if no offset had ever been committed: commands that are done already stay done once.</summary>
internal sealed class CommandsOnceMore(OrdersApplication app) : Witness
{
    private const int Count = 60;

    private readonly InboundTopic _topic = new(app);
    private readonly string _key = Guid.NewGuid().ToString();
    private TopicPartitionOffset _first = null!;
    private Shop _shop = null!;

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        var product = await _shop.AddProductAsync();
        _first = (await _topic.SendAsync(_key, InboundTopic.Place(_shop, product, $"{_key}-0"))).TopicPartitionOffset;
        await _topic.SendAsync(_key, Enumerable.Range(1, Count - 1).Select(i => InboundTopic.Place(_shop, product, $"{_key}-{i}")));
        // Without a name every record is an order of its own, also when the broker delivers it again.
        var nameless = $$"""{"customer_id":"{{_shop.CustomerId}}","amount":10000}""";
        var named = $$"""{"id":"{{_key}}","customer_id":"{{_shop.CustomerId}}","amount":20000}""";
        await _topic.SendAsync(_key, [nameless, nameless, named, named, named]);
        await _topic.DrainAsync(_key);
        Assert.Equal(Count + 3, await _topic.CountAsync(_shop));
    }

    public override Task MeanwhileAsync() => app.SetBackAsync(WireNames.Groups.Inbound, _first);

    public override async Task AssertAsync()
    {
        await _topic.DrainAsync(_key);
        Assert.Equal(Count + 3, await _topic.CountAsync(_shop));
        Assert.Equal([10_000m, 10_000m, 20_000m], await app.Database.ListAsync<decimal>(
            "select total from orders where customer_id = $1 and total >= 10000 order by total", _shop.CustomerId));
        Assert.Empty(await _topic.LettersAsync(_key));
    }
}

/// <summary>A key and its reply outlive the api and the cache.</summary>
internal sealed class KeyThatSurvives(OrdersApplication app) : Witness
{
    private readonly string _key = Guid.NewGuid().ToString();
    private Shop _shop = null!;
    private string _product = "";
    private string _reply = "";

    public override async Task ArrangeAsync()
    {
        _shop = await Shop.OpenAsync(app);
        _product = await _shop.AddProductAsync();
        _reply = await PlaceAsync();
    }

    public override async Task AssertAsync()
    {
        await app.Cache.GetDatabase().KeyDeleteAsync(WireNames.CacheKey(Shop.Read(System.Text.Encoding.UTF8.GetBytes(_reply)).Id));

        Assert.Equal(_reply, await PlaceAsync());
        Assert.Equal(1, await app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", _shop.CustomerId));
    }

    private Task<string> PlaceAsync() => Eventually.Get(async () =>
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Headers = { { "Idempotency-Key", _key } } };
        request.Content = JsonContent.Create(new
        {
            customer_id = _shop.CustomerId, address_id = _shop.AddressId, items = new[] { new { product_id = _product, quantity = 1 } },
        });
        using var reply = await app.Api.SendAsync(request);
        await Shop.Expect(reply, HttpStatusCode.Created);
        return await reply.Content.ReadAsStringAsync();
    }, text => text.Length > 0, "the api answers");
}

internal static class Offsets
{
    /// <summary>Has a group whose members are away begin there.</summary>
    public static Task SetBackAsync(this OrdersApplication app, string group, TopicPartitionOffset to) => Eventually.Is(() => Task.Run(() =>
    {
        using var consumer = app.Kafka.CreateConsumer(group);
        consumer.Commit([to]);
        return true;
    }), "the offset is set back");
}

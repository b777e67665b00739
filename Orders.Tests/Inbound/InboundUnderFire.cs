using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

/// <summary>Commands while something breaks: one effect each, in their order, none skipped.</summary>
public sealed class InboundUnderFire(OrdersApplication app) : StormTests
{
    private readonly InboundTopic _topic = new(app);

    [Fact]
    public async Task Two_hundred_duplicates_at_once_over_two_ways_are_two_orders()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 100);
        var key = Guid.NewGuid().ToString();
        var command = Encoding.UTF8.GetBytes(InboundTopic.Place(shop, product, key));
        var body = JsonSerializer.Serialize(JsonDocument.Parse(command).RootElement.GetProperty("data"));

        // Over Kafka under many record keys, so that all partitions have it at once.
        using var producer = app.Kafka.CreateRawProducer();
        var overKafka = Enumerable.Range(0, 100).Select(i => producer.ProduceAsync(
            WireNames.Topics.Inbound, new Message<string, byte[]> { Key = $"{key}-{i}", Value = command }));
        var overHttp = Enumerable.Range(0, 100).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders");
            request.Headers.Add("Idempotency-Key", key);
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            var reply = await app.Api.SendAsync(request);
            await Shop.Expect(reply, HttpStatusCode.Created);
            return (await reply.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        });
        await Task.WhenAll(overKafka);
        var ids = await Task.WhenAll(overHttp);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => _topic.DrainAsync($"{key}-{i}")));
        await Eventually.Is(async () => await _topic.CountAsync(shop) == 2, "both orders are placed");

        Assert.Single(ids.Distinct());
        Assert.Equal(98, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
        Assert.Equal(2, await _topic.CountAsync(shop));
    }

    [Fact]
    public async Task Commands_under_one_key_are_done_in_their_order_with_poison_between()
    {
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync();
        var key = Guid.NewGuid().ToString();
        var commands = Enumerable.Range(0, 60).SelectMany(i => new[]
        {
            InboundTopic.Place(shop, product, externalId: $"{key}-{i}"),
            i % 2 == 0 ? "poison" : """{"specversion":"1.0","id":"x","source":"/erp","type":"orders.dance","data":{}}""",
            InboundTopic.Command("orders.cancel", new { external_id = $"{key}-{i}" }),
            InboundTopic.Command("orders.confirm", new { external_id = $"{key}-{i}" }),
        });

        await _topic.SendAsync(key, commands);
        await _topic.DrainAsync(key);

        // Had any confirmation overtaken its cancellation, the order would not be cancelled at version 2.
        Assert.Equal(60, await app.Database.ScalarAsync<long>(
            "select count(*) from orders where customer_id = $1 and status = 'cancelled' and version = 2", shop.CustomerId));
        var placed = await app.Database.ListAsync<string>(
            "select external_id from orders where customer_id = $1 order by placed_at, id", shop.CustomerId);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{key}-{i}"), placed);
        var letters = await _topic.LettersAsync(key);
        Assert.Equal(
            [("illegal_move", 60), ("malformed_json", 30), ("unknown_type", 30)],
            letters.GroupBy(letter => letter.Reason).Select(group => (group.Key, group.Count())).Order());
    }

    [Fact]
    public async Task Two_apis_share_the_topic_and_when_one_is_killed_every_command_is_done_once()
    {
        const int Count = 900;
        var shop = await Shop.OpenAsync(app);
        var product = await shop.AddProductAsync(stock: 10_000);
        var run = Guid.NewGuid().ToString();
        await using var second = await SecondApi.StartAsync(app);
        await Eventually.Get(
            () => app.MembersAsync(WireNames.Groups.Inbound), members => members is [> 0, > 0], "both have partitions of their own");
        using var producer = app.Kafka.CreateRawProducer();
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => producer.ProduceAsync(WireNames.Topics.Inbound, new()
        {
            Key = $"{run}-{i % 24}", Value = Encoding.UTF8.GetBytes(InboundTopic.Place(shop, product, $"{run}-{i}")),
        })));

        await Eventually.Is(async () => await _topic.CountAsync(shop) > Count / 10, "some are done");
        second.Kill();
        var killedAt = await _topic.CountAsync(shop);
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => _topic.DrainAsync($"{run}-{i}")));

        Assert.InRange(killedAt, 1, Count - 1);
        Assert.Equal(Count, await _topic.CountAsync(shop));
        Assert.Equal(10_000 - Count, await app.Database.ScalarAsync<int>("select stock from products where id = $1", product));
    }
}

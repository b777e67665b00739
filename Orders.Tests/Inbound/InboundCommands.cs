using System.Text;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

public sealed class InboundCommands(OrdersApplication app) : ApplicationTests
{
    [Fact]
    public async Task A_command_that_is_delivered_often_is_done_once()
    {
        var shop = await Shop.OpenAsync(app);
        var command = Place(shop, await shop.AddProductAsync(), Guid.NewGuid().ToString());

        await SendAsync([.. Enumerable.Repeat(command, 20), Place(shop, await shop.AddProductAsync(), Guid.NewGuid().ToString())]);

        // The last one is the witness: it has the key of the others, so all before it are done.
        await Eventually.Get(() => CountAsync(shop), count => count >= 2, "both commands are done");
        Assert.Equal(2, await CountAsync(shop));
    }

    public static TheoryData<string, string> Useless => new()
    {
        { "not json", "malformed_json" },
        { "", "empty" },
        { """{"id":"$id"}""", "malformed_json" },
        { """{"specversion":"1.0","id":"$id","source":"/erp","type":"orders.dance","data":{}}""", "unknown_type" },
        { """{"specversion":"1.0","id":"$id","source":"/erp","type":"orders.place","data":{"customer":1}}""", "malformed_data" },
        { """{"specversion":"0.3","id":"$id","source":"/erp","type":"orders.place","data":{}}""", "unknown_version" },
        {
            """{"specversion":"1.0","id":"$id","source":"/erp","type":"orders.place","data":{"customer_id":"cus-none"}}""",
            "invalid_request"
        },
        { """{"specversion":"1.0","id":"$id","source":"/orders/api","type":"orders.place","data":{}}""", "unknown_request" },
    };

    [Theory]
    [MemberData(nameof(Useless))]
    public async Task What_can_never_be_done_is_a_dead_letter_and_holds_nothing_up(string value, string reason)
    {
        var shop = await Shop.OpenAsync(app);
        var id = Guid.NewGuid().ToString();
        var bytes = Encoding.UTF8.GetBytes(value.Replace("$id", id, StringComparison.Ordinal));

        await SendAsync([(id, bytes), (id, Place(shop, await shop.AddProductAsync(), id + "-after").Value)]);

        await Eventually.Get(() => CountAsync(shop), count => count == 1, "the command behind it is done");
        var letters = await Task.Run(() => TopicReader.DeadLetters(app.Kafka, WireNames.Topics.InboundDeadLetter));
        var letter = Assert.Single(letters, letter => letter.Key is { } key && Encoding.UTF8.GetString(key) == id);
        Assert.Equal((reason, WireNames.Topics.Inbound), (letter.Reason, letter.Topic));
        Assert.Equal(bytes, letter.Value ?? []);
    }

    private static (string Key, byte[] Value) Place(Shop shop, string product, string id) => (shop.CustomerId, Encoding.UTF8.GetBytes(
        $$$"""
        {"specversion":"1.0","id":"{{{id}}}","source":"/erp","type":"orders.place","data":{
          "customer_id":"{{{shop.CustomerId}}}","address_id":"{{{shop.AddressId}}}",
          "items":[{"product_id":"{{{product}}}","quantity":1}]}}
        """));

    private async Task SendAsync(IEnumerable<(string Key, byte[] Value)> commands)
    {
        using var producer = app.Kafka.CreateProducer();
        foreach (var (key, value) in commands)
            await producer.ProduceAsync(WireNames.Topics.Inbound, new Message<string, byte[]> { Key = key, Value = value });
    }

    private Task<long> CountAsync(Shop shop) =>
        app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId);
}

using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;
using Orders.Tests.Support;

namespace Orders.Tests.Inbound;

/// <summary>The inbound topic as another system uses it, and what came of it as the database and the dead letters say.</summary>
internal sealed class InboundTopic(OrdersApplication app)
{
    public static string Place(Shop shop, string product, string? id = null, int quantity = 1, string? externalId = null) =>
        Command("orders.place", new
        {
            customer_id = shop.CustomerId,
            address_id = shop.AddressId,
            external_id = externalId,
            items = new[] { new { product_id = product, quantity } },
        }, id);

    public static string Command(string type, object data, string? id = null) => JsonSerializer.Serialize(new
    {
        specversion = "1.0", id = id ?? Guid.NewGuid().ToString(), source = "/erp", type, data,
    }, OrdersJson.Options());

    public Task<DeliveryResult<string, byte[]>> SendAsync(string key, string value) => SendAsync(key, Encoding.UTF8.GetBytes(value));

    public async Task<DeliveryResult<string, byte[]>> SendAsync(string key, byte[]? value)
    {
        using var producer = app.Kafka.CreateRawProducer();
        return await producer.ProduceAsync(WireNames.Topics.Inbound, new Message<string, byte[]> { Key = key, Value = value! });
    }

    /// <summary>All of them in their order, each as often as that.</summary>
    public async Task SendAsync(string key, IEnumerable<string> values, int times = 1)
    {
        using var producer = app.Kafka.CreateRawProducer();
        foreach (var value in values.SelectMany(value => Enumerable.Repeat(value, times)))
        {
            await producer.ProduceAsync(
                WireNames.Topics.Inbound, new Message<string, byte[]> { Key = key, Value = Encoding.UTF8.GetBytes(value) });
        }
    }

    /// <summary>Returns when everything that was sent under that key before is done: what comes behind it is.</summary>
    public async Task DrainAsync(string key)
    {
        var witness = await Shop.OpenAsync(app);
        await SendAsync(key, Place(witness, await witness.AddProductAsync()));
        await Eventually.Get(() => CountAsync(witness), count => count == 1, "the command behind is done");
    }

    public Task<long> CountAsync(Shop shop) =>
        app.Database.ScalarAsync<long>("select count(*) from orders where customer_id = $1", shop.CustomerId);

    public async Task<List<DeadLetter>> LettersAsync(string key)
    {
        var letters = await Task.Run(() => TopicReader.DeadLetters(app.Kafka, WireNames.Topics.InboundDeadLetter));
        return [.. letters.Where(letter => KeyBytes.TextOf(letter.Key) == key)];
    }

    public async Task<DeadLetter> LetterAsync(string key) => Assert.Single(await LettersAsync(key));

    /// <summary>The one order of the shop, as the database keeps it.</summary>
    public async Task<OrderState> OrderAsync(Shop shop) => Shop.Read(await app.Database.ScalarAsync<byte[]>(
        """
        select convert_to(h.state::text, 'UTF8') from orders o join order_history h on h.order_id = o.id and h.version = o.version
        where o.customer_id = $1
        """, shop.CustomerId));
}

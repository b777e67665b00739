using Orders.Contracts;
using Orders.Tests.Support;

namespace Orders.Tests.Anomalies;

public sealed class PoisonOnTheTopic(OrdersApplication app) : StormTests
{
    [Fact]
    public async Task A_malformed_event_goes_to_the_dead_letters_and_the_rest_is_indexed()
    {
        var shop = await Shop.OpenAsync(app);
        var key = "ord-" + Guid.CreateVersion7();
        var before = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        byte[][] poison = ["not json"u8.ToArray(), "{}"u8.ToArray(), """{"specversion":"1.0","data":{"id":7}}"""u8.ToArray()];
        using (var producer = app.Kafka.CreateProducer())
        {
            foreach (var value in poison)
                await producer.ProduceAsync(
                    WireNames.Topics.OrderEvents, new Confluent.Kafka.Message<string, byte[]> { Key = key, Value = value });
        }

        var after = await shop.PlaceAsync((await shop.AddProductAsync(), 1));
        await shop.FoundAsync(before);
        await shop.FoundAsync(after);

        await Eventually.Holds(async () =>
        {
            var letters = await Task.Run(() => TopicReader.DeadLetters(app.Kafka));
            var ours = letters.Where(letter =>
                letter.Group == WireNames.Groups.Search && letter.Key is { } k
                && System.Text.Encoding.UTF8.GetString(k) == key).ToList();
            Assert.Equal(poison.Select(Convert.ToBase64String).Order(),
                ours.Select(letter => Convert.ToBase64String(letter.Value!)).Order());
            Assert.All(ours, letter => Assert.False(string.IsNullOrWhiteSpace(letter.Reason) || string.IsNullOrWhiteSpace(letter.Detail)));
        });
    }
}

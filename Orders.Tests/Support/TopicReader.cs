using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Tests.Support;

/// <summary>Reads a topic from its beginning to what was its end when the reading began.</summary>
internal static class TopicReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static List<int> VersionsOf(KafkaClients kafka, string orderId)
    {
        var versions = new List<int>();
        foreach (var message in ReadAll(kafka, WireNames.Topics.OrderEvents))
        {
            if (message.Message.Key != orderId) continue;
            using var change = JsonDocument.Parse(message.Message.Value);
            versions.Add(change.RootElement.GetProperty("data").GetProperty("version").GetInt32());
        }

        return versions;
    }

    public static List<DeadLetter> DeadLetters(KafkaClients kafka, string topic = WireNames.Topics.OrderEventsDeadLetter) =>
        // A test puts something else there, too.
        [.. ReadAll(kafka, topic).Where(message => message.Message.Value is [(byte)'{', ..])
            .Select(message => JsonSerializer.Deserialize(message.Message.Value, OrdersJson.Default.DeadLetter)!)];

    /// <summary>Every value as text.</summary>
    public static IEnumerable<string> Values(KafkaClients kafka, string topic) =>
        ReadAll(kafka, topic).Select(message => System.Text.Encoding.UTF8.GetString(message.Message.Value ?? []));

    /// <summary>By partition, the offset that the next message will have.</summary>
    public static Dictionary<int, long> Ends(KafkaClients kafka, string topic)
    {
        using var consumer = kafka.CreateConsumer("test-" + Guid.NewGuid().ToString("N"));
        return Ends(consumer, topic).ToDictionary(end => end.Key.Partition.Value, end => end.Value);
    }

    private static List<ConsumeResult<string, byte[]>> ReadAll(KafkaClients kafka, string topic)
    {
        using var consumer = kafka.CreateConsumer("test-" + Guid.NewGuid().ToString("N"));
        var started = TimeProvider.System.GetTimestamp();
        var ends = Ends(consumer, topic);
        consumer.Assign(ends.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var found = new List<ConsumeResult<string, byte[]>>();
        while (ends.Count > 0)
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience) throw new TimeoutException(
                $"{topic} was not read to its end; {ends.Count} partitions left");
            if (consumer.Consume(TimeSpan.FromMilliseconds(200)) is not { Message: not null } message) continue;
            found.Add(message);
            if (ends.TryGetValue(message.TopicPartition, out var end) && message.Offset.Value >= end - 1) ends.Remove(
                message.TopicPartition);
        }

        consumer.Close();
        return found;
    }

    private static Dictionary<TopicPartition, long> Ends(IConsumer<string, byte[]> consumer, string topic)
    {
        var ends = new Dictionary<TopicPartition, long>();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, TimeSpan.FromSeconds(10)).Topics.Single().Partitions;
        foreach (var partition in partitions.Select(p => new TopicPartition(topic, p.PartitionId)))
        {
            var marks = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(10));
            if (marks.High.Value > marks.Low.Value) ends[partition] = marks.High.Value;
        }

        return ends;
    }
}

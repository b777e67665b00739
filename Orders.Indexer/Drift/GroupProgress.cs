using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Indexer.Drift;

/// <summary>How far a consumer group has come, by what it has committed.</summary>
internal sealed class GroupProgress(KafkaClients kafka)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The next offset of each of these partitions; 0 where the group has committed nothing.</summary>
    public Task<Dictionary<int, long>> CommittedAsync(string group, IEnumerable<int> partitions, CancellationToken cancel) => Task.Run(() =>
    {
        using var consumer = kafka.CreateConsumer(group);
        var wanted = partitions.Distinct().Select(partition => new TopicPartition(WireNames.Topics.OrderEvents, partition));
        return consumer.Committed(wanted, Patience).ToDictionary(
            place => place.Partition.Value, place => place.Offset.IsSpecial ? 0 : place.Offset.Value);
    }, cancel);
}

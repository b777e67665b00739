using Confluent.Kafka;
using Orders.Contracts;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Indexer.Searching;

/// <summary>The end of the event stream, read beside the projections: from an offset of each partition to where it ends now.</summary>
internal sealed class StreamTail(KafkaClients kafka, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<string, byte[]> _consumer = kafka.CreateConsumer(
        WireNames.Groups.SearchRebuild, builder => builder.SetKeyDeserializer(KeyBytes.Deserializer),
        config => config.EnablePartitionEof = true);

    /// <summary>The offset that each partition's next event will have.</summary>
    public Dictionary<int, long> Ends() => Partitions().ToDictionary(
        partition => partition, partition => Marks(partition).High.Value);

    /// <summary>
    /// Events from <paramref name="from"/> to before <paramref name="to"/>, batch by batch. Blocks while it waits for the broker.
    /// </summary>
    /// <exception cref="StreamGoneException">The broker has already removed some of them.</exception>
    public IEnumerable<EventBatch> Read(
        IReadOnlyDictionary<int, long> from, IReadOnlyDictionary<int, long> to, int eventsMax, long bytesMax, CancellationToken cancel)
    {
        var left = to.Where(end => from.GetValueOrDefault(end.Key) < end.Value).ToDictionary();
        foreach (var partition in left.Keys)
        {
            if (Marks(partition).Low.Value > from.GetValueOrDefault(partition)) throw new StreamGoneException(partition);
        }

        _consumer.Assign(left.Keys.Select(partition =>
            new TopicPartitionOffset(WireNames.Topics.OrderEvents, partition, from.GetValueOrDefault(partition))));
        var batch = new EventBatch(eventsMax, bytesMax);
        while (left.Count > 0)
        {
            cancel.ThrowIfCancellationRequested();
            if (_consumer.Consume(Idle) is not { } result) continue;
            var partition = result.Partition.Value;
            if (!left.TryGetValue(partition, out var end)) continue;
            if (!result.IsPartitionEOF && result.Offset.Value < end) Take(result, batch);
            if (result.Offset.Value >= (result.IsPartitionEOF ? end : end - 1)) left.Remove(partition);
            if (!batch.IsFull) continue;
            yield return batch;
            batch = new EventBatch(eventsMax, bytesMax);
        }

        _consumer.Unassign();
        if (!batch.IsEmpty) yield return batch;
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }

    private void Take(ConsumeResult<string, byte[]> result, EventBatch batch)
    {
        var raw = new RawEvent(result.Partition.Value, result.Offset.Value, KeyBytes.Of(result.Message.Key), result.Message.Value);
        // What cannot be read is the projection's to put aside; here it is no document.
        if (EventDecoder.Decode(raw, time.GetUtcNow(), out _) is { } taken) batch.Add(taken);
    }

    private WatermarkOffsets Marks(int partition) =>
        _consumer.QueryWatermarkOffsets(new TopicPartition(WireNames.Topics.OrderEvents, partition), Patience);

    private List<int> Partitions()
    {
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        var topic = admin.GetMetadata(WireNames.Topics.OrderEvents, Patience).Topics.Single();
        if (topic.Error.IsError || topic.Partitions.Count == 0) throw new KafkaException(topic.Error);
        return [.. topic.Partitions.Select(partition => partition.PartitionId)];
    }
}

/// <summary>Events that are needed have left the topic.</summary>
internal sealed class StreamGoneException(int partition)
    : Exception($"partition {partition} no longer has all events since the rebuild began");

using System.Globalization;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Features.DataCatalog;

/// <summary>Where each partition of each topic begins and ends, and how far a group has committed. The client's calls block.</summary>
internal sealed class CatalogTopics(KafkaClients kafka)
{
    public static readonly IReadOnlyList<Dataset> All = [.. OrderTopics.All.Select(topic => new Dataset(
        topic.Name, "topic", Description(topic.Name), "kafka: topic " + topic.Name,
        Schema: topic.Name == WireNames.Topics.OrderEvents ? OrderEvent.DataSchemaV1 : null,
        RetentionDays: (int)(long.Parse(topic.Configs["retention.ms"], CultureInfo.InvariantCulture) / 86_400_000)))];

    /// <summary>By topic and partition, the first offset that is kept and the one after the last; and what the search's group has
    /// committed of the events.</summary>
    public Task<TopicPlaces> ReadAsync(TimeSpan timeout, CancellationToken cancel) => Task.Factory.StartNew(
        () => Read(timeout, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private TopicPlaces Read(TimeSpan timeout, CancellationToken cancel)
    {
        // It never subscribes, so it is no member of the group and disturbs nobody.
        using var consumer = kafka.CreateConsumer(WireNames.Groups.Search);
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(timeout).Topics.Where(topic => All.Any(known => known.Name == topic.Topic))
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))).ToList();
        var ends = new Dictionary<(string Topic, int Partition), (long First, long Next)>();
        foreach (var partition in partitions)
        {
            cancel.ThrowIfCancellationRequested();
            var range = consumer.QueryWatermarkOffsets(partition, timeout);
            ends[(partition.Topic, partition.Partition.Value)] = (range.Low.Value, range.High.Value);
        }

        var events = partitions.FindAll(partition => partition.Topic == WireNames.Topics.OrderEvents);
        var committed = consumer.Committed(events, timeout)
            .ToDictionary(entry => entry.Partition.Value, entry => entry.Offset.IsSpecial ? 0 : entry.Offset.Value);
        return new TopicPlaces(ends, committed);
    }

    private static string Description(string topic) => topic switch
    {
        WireNames.Topics.OrderEvents => "Every change of every order, with the whole order",
        WireNames.Topics.OrderEventsDeadLetter => "Events that a projection could not use",
        WireNames.Topics.Inbound => "What others ask of Orders",
        _ => "What was asked and could not be done",
    };
}

/// <param name="Ends">By topic and partition, the first offset that is kept and the one after the last.</param>
/// <param name="Search">What the search projection has committed of the events, by partition.</param>
internal sealed record TopicPlaces(
    IReadOnlyDictionary<(string Topic, int Partition), (long First, long Next)> Ends, IReadOnlyDictionary<int, long> Search)
{
    /// <summary>Records that a topic holds.</summary>
    public long Records(string topic) => Ends.Where(entry => entry.Key.Topic == topic).Sum(entry => entry.Value.Next - entry.Value.First);

    /// <summary>Events that a consumer with these places has before it.</summary>
    public long Lag(IReadOnlyDictionary<int, long> next) => Ends.Where(entry => entry.Key.Topic == WireNames.Topics.OrderEvents)
        .Sum(entry => Math.Max(0, entry.Value.Next - Math.Max(entry.Value.First, next.GetValueOrDefault(entry.Key.Partition))));
}

using System.Globalization;
using Confluent.Kafka.Admin;
using Orders.Contracts;

namespace Orders.ServiceDefaults.Messaging;

/// <summary>The topics of Orders, as they are created where they are missing.</summary>
public static class OrderTopics
{
    /// <summary>Bytes. An order of 100 lines with the longest texts, every character escaped, stays below 3 MB.</summary>
    public const int MessageBytesMax = 4 * 1024 * 1024;

    private static readonly TimeSpan Retention = TimeSpan.FromDays(7);

    /// <summary>Replication is the broker's default (-1): 1 on a developer's machine, 3 on a cluster that is set up so.</summary>
    public static IReadOnlyList<TopicSpecification> All { get; } =
    [
        Topic(WireNames.Topics.OrderEvents, partitions: 12),
        Topic(WireNames.Topics.OrderEventsDeadLetter, partitions: 1),
        Topic(WireNames.Topics.Inbound, partitions: 12),
        Topic(WireNames.Topics.InboundDeadLetter, partitions: 1),
    ];

    private static TopicSpecification Topic(string name, int partitions) => new()
    {
        Name = name,
        NumPartitions = partitions,
        ReplicationFactor = -1,
        Configs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["retention.ms"] = ((long)Retention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
            ["max.message.bytes"] = MessageBytesMax.ToString(CultureInfo.InvariantCulture),
        },
    };
}

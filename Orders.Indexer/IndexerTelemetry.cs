using System.Diagnostics;

namespace Orders.Indexer;

/// <summary>The process's one activity source and the names of its spans and their attributes (OpenTelemetry semantic
/// conventions).</summary>
internal static class IndexerTelemetry
{
    public const string Name = "Orders.Indexer";

    public static readonly ActivitySource Source = new(Name);

    public const string MessagingSystem = "messaging.system";
    public const string OperationName = "messaging.operation.name";
    public const string OperationType = "messaging.operation.type";
    public const string Destination = "messaging.destination.name";
    public const string Partition = "messaging.destination.partition.id";
    public const string ConsumerGroup = "messaging.consumer.group.name";
    public const string MessageCount = "messaging.batch.message_count";
    public const string MessageKey = "messaging.kafka.message.key";
    public const string Offset = "messaging.kafka.offset";
    public const string MessageId = "messaging.message.id";
    public const string OrderVersion = "orders.order.version";
    public const string DbSystem = "db.system.name";
    public const string DbCollection = "db.collection.name";
    public const string DbOperation = "db.operation.name";
    public const string DbBatchSize = "db.operation.batch.size";
}

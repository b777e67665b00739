namespace Aspire.Confluent.Kafka;

/// <summary>The official integration's names: of its log category, meter, health checks and instruments.</summary>
internal static class Names
{
    public const string Log = "Aspire.Confluent.Kafka";
    public const string Meter = "Aspire.Confluent.Kafka";
    public const string HealthCheckPrefix = "Aspire.Confluent.Kafka.";

    public const string ConsumerQueueCount = "messaging.kafka.consumer.queue.message_count";
    public const string ProducerQueueCount = "messaging.kafka.producer.queue.message_count";
    public const string ProducerQueueSize = "messaging.kafka.producer.queue.size";
    public const string Requests = "messaging.kafka.network.tx";
    public const string RequestBytes = "messaging.kafka.network.transmitted";
    public const string Responses = "messaging.kafka.network.rx";
    public const string ResponseBytes = "messaging.kafka.network.received";
    public const string MessagesSent = "messaging.client.sent.messages";
    public const string MessageBytesSent = "messaging.kafka.message.transmitted";
    public const string MessagesConsumed = "messaging.client.consumed.messages";
    public const string MessageBytesConsumed = "messaging.kafka.message.received";

    public const string ClientIdTag = "messaging.client.id";
    public const string NameTag = "name";
    public const string TypeTag = "type";
    public const string SystemTag = "messaging.system";
    public const string OperationTag = "messaging.operation.name";
}

using System.Collections.Concurrent;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Tests.Streams;

/// <summary>Kafka as a test writes it: consumers that get what they are sent, and dead letters that are noted.</summary>
internal sealed class ScriptedKafka(Journal journal)
    : KafkaClients(new ProducerConfig(), new ConsumerConfig(), NullLogger<KafkaClients>.Instance)
{
    private readonly ConcurrentQueue<ScriptedConsumer> _consumers = new();

    /// <summary>What every consumer is configured with beforehand.</summary>
    public ConsumerConfig Configured { get; } = new();

    /// <summary>The consumers that were made, oldest first.</summary>
    public IReadOnlyList<ScriptedConsumer> Consumers => [.. _consumers];

    public ConcurrentQueue<DeadLetter> Letters { get; } = new();

    /// <summary>Says that the broker does not take letters; null: it does.</summary>
    public Func<Error?> OnLetter { get; set; } = () => null;

    public Action OnEnsureTopics { get; set; } = () => { };

    public override IConsumer<string, byte[]> CreateConsumer(
        string group, Action<ConsumerBuilder<string, byte[]>>? configure = null, Action<ConsumerConfig>? settings = null)
    {
        var config = new ConsumerConfig(Configured.ToDictionary()) { GroupId = group };
        settings?.Invoke(config);
        var builder = new ScriptedBuilder(config, journal);
        configure?.Invoke(builder);
        var consumer = (ScriptedConsumer)builder.Build();
        _consumers.Enqueue(consumer);
        return consumer;
    }

    public override IProducer<string, byte[]> CreateProducer(Action<ProducerBuilder<string, byte[]>>? configure = null) =>
        new ScriptedProducer(this);

    public override Task EnsureTopicsAsync(IReadOnlyList<TopicSpecification> topics, CancellationToken cancel)
    {
        OnEnsureTopics();
        return Task.CompletedTask;
    }

    internal void Take(string topic, byte[] value)
    {
        Assert.Equal(WireNames.Topics.OrderEventsDeadLetter, topic);
        if (OnLetter() is { } error) throw new KafkaException(error);
        var letter = JsonSerializer.Deserialize(value, OrdersJson.Default.DeadLetter)!;
        Letters.Enqueue(letter);
        journal.Note($"letter {letter.Partition}:{letter.Offset} {letter.Reason}");
    }
}

/// <summary>Builds a scripted consumer, and hands it the handlers that a session has set.</summary>
internal sealed class ScriptedBuilder(ConsumerConfig config, Journal journal) : ConsumerBuilder<string, byte[]>(config)
{
    public List<TopicPartitionOffset> Assigned(ScriptedConsumer consumer, List<TopicPartition> partitions) =>
        [.. PartitionsAssignedHandler(consumer, partitions)];

    public void Revoked(ScriptedConsumer consumer, List<TopicPartitionOffset> partitions) =>
        PartitionsRevokedHandler(consumer, partitions);

    public void Lost(ScriptedConsumer consumer, List<TopicPartitionOffset> partitions) => PartitionsLostHandler(consumer, partitions);

    public override IConsumer<string, byte[]> Build() => new ScriptedConsumer(this, config, journal);
}

/// <summary>Takes dead letters.</summary>
internal sealed class ScriptedProducer(ScriptedKafka kafka) : IProducer<string, byte[]>
{
    public Handle Handle => throw new NotSupportedException();

    public string Name => "scripted";

    public async Task<DeliveryResult<string, byte[]>> ProduceAsync(
        string topic, Message<string, byte[]> message, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        kafka.Take(topic, message.Value);
        return new DeliveryResult<string, byte[]>();
    }

    public void Dispose()
    {
    }

    // What dead letters do not need.
    public int AddBrokers(string brokers) => throw new NotSupportedException();

    public void SetSaslCredentials(string username, string password) => throw new NotSupportedException();

    public Task<DeliveryResult<string, byte[]>> ProduceAsync(
        TopicPartition topicPartition, Message<string, byte[]> message, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public void Produce(
        string topic, Message<string, byte[]> message, Action<DeliveryReport<string, byte[]>>? deliveryHandler = null) =>
        throw new NotSupportedException();

    public void Produce(
        TopicPartition topicPartition, Message<string, byte[]> message,
        Action<DeliveryReport<string, byte[]>>? deliveryHandler = null) => throw new NotSupportedException();

    public int Poll(TimeSpan timeout) => throw new NotSupportedException();

    public int Flush(TimeSpan timeout) => throw new NotSupportedException();

    public void Flush(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void InitTransactions(TimeSpan timeout) => throw new NotSupportedException();

    public void BeginTransaction() => throw new NotSupportedException();

    public void CommitTransaction(TimeSpan timeout) => throw new NotSupportedException();

    public void CommitTransaction() => throw new NotSupportedException();

    public void AbortTransaction(TimeSpan timeout) => throw new NotSupportedException();

    public void AbortTransaction() => throw new NotSupportedException();

    public void SendOffsetsToTransaction(
        IEnumerable<TopicPartitionOffset> offsets, IConsumerGroupMetadata groupMetadata, TimeSpan timeout) =>
        throw new NotSupportedException();
}

using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Contracts;

namespace Orders.ServiceDefaults.Messaging;

public static class KafkaExtensions
{
    /// <summary>
    /// Registers <see cref="KafkaClients"/> on the connection <c>kafka</c>. The order is deliberate: the integration reads
    /// configuration first, and what it found there is never overwritten.
    /// </summary>
    public static void AddKafkaClients(this IHostApplicationBuilder builder)
    {
        ProducerConfig producer = new();
        ConsumerConfig consumer = new();
        // The integration's health check writes a real message on every probe.
        builder.AddKafkaProducer<string, byte[]>(WireNames.Connections.Kafka, settings =>
        {
            settings.DisableHealthChecks = true;
            settings.Config.BootstrapServers ??= settings.ConnectionString;
            producer = WithDefaults(settings.Config);
        });
        builder.AddKafkaConsumer<string, byte[]>(WireNames.Connections.Kafka, settings =>
        {
            settings.DisableHealthChecks = true;
            settings.Config.BootstrapServers ??= settings.ConnectionString;
            consumer = WithDefaults(settings.Config);
        });
        builder.Services.AddSingleton(services =>
            new KafkaClients(producer, consumer, services.GetRequiredService<ILogger<KafkaClients>>()));
    }

    /// <summary>
    /// No message is ever given up by the client (message.timeout.ms = 0): a gap between delivered messages would break the
    /// order of changes. murmur2 puts a key into the same partition as Java clients do.
    /// </summary>
    private static ProducerConfig WithDefaults(ProducerConfig config)
    {
        config.EnableIdempotence ??= true;
        config.Acks ??= Acks.All;
        config.MessageTimeoutMs ??= 0;
        config.MessageMaxBytes ??= OrderTopics.MessageBytesMax;
        config.LingerMs ??= 5;
        config.CompressionType ??= CompressionType.Lz4;
        config.Partitioner ??= Partitioner.Murmur2Random;
        config.QueueBufferingMaxKbytes ??= 65536;
        config.SocketKeepaliveEnable ??= true;
        config.SocketTimeoutMs ??= 30000;
        return config;
    }

    /// <summary>
    /// earliest: a group without offsets starts with the oldest event instead of silently skipping all that came before it.
    /// The short fetch waits keep a quiet topic's events from lingering.
    /// </summary>
    private static ConsumerConfig WithDefaults(ConsumerConfig config)
    {
        config.AutoOffsetReset ??= AutoOffsetReset.Earliest;
        config.EnableAutoOffsetStore = false;
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs ??= 1000;
        config.IsolationLevel ??= IsolationLevel.ReadCommitted;
        config.MaxPollIntervalMs ??= 300_000;
        config.QueuedMaxMessagesKbytes ??= 16384;
        config.QueuedMinMessages ??= 10_000;
        config.FetchWaitMaxMs ??= 50;
        config.SocketKeepaliveEnable ??= true;
        config.StatisticsIntervalMs ??= 5000;
        return config;
    }
}

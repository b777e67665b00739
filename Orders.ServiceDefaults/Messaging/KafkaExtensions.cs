using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Contracts;

namespace Orders.ServiceDefaults.Messaging;

public static class KafkaExtensions
{
    /// <summary>About a hundred orders; who is behind has more waiting and gets it at once.</summary>
    private const int FetchBytesMin = 131_072;

    private const int SendBufferBytes = 32_768;

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
    /// order of changes. murmur2 puts a key into the same partition as Java clients do. The broker does one request of a connection after
    /// the other, and what lies in the socket's buffer has become requests already, however small: with a short one, what a slow broker
    /// keeps waiting gathers in the client and goes out in few and large requests.
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
        config.SocketSendBufferBytes ??= SendBufferBytes;
        config.SocketKeepaliveEnable ??= true;
        config.SocketTimeoutMs ??= 30000;
        return config;
    }

    /// <summary>
    /// earliest: a group without offsets starts with the oldest event instead of silently skipping all that came before it.
    /// The broker keeps a fetch until it is worth an answer, for a short while: otherwise every event on a live topic is a request, an
    /// answer and a batch of its own for each group that follows it.
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
        config.FetchMinBytes ??= FetchBytesMin;
        config.FetchWaitMaxMs ??= 50;
        config.SocketKeepaliveEnable ??= true;
        config.StatisticsIntervalMs ??= 5000;
        return config;
    }
}

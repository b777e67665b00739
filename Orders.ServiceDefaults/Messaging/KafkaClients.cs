using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;

namespace Orders.ServiceDefaults.Messaging;

/// <summary>
/// Makes producers and consumers with the settings that Orders relies on. A relay session or a consumer that has failed is
/// thrown away and replaced by a fresh client, so clients are made here on demand instead of being container singletons;
/// the Aspire registrations supply connection, configuration and health check.
/// What the configuration already says (<c>Aspire:Confluent:Kafka:Producer:Config</c>, <c>...:Consumer:Config</c>) is kept:
/// a broker that cannot do idempotence, say, is a matter of configuration. What makes the clients is virtual, for tests that
/// write down what Kafka does.
/// </summary>
public partial class KafkaClients(ProducerConfig producer, ConsumerConfig consumer, ILogger<KafkaClients> logger)
{
    private static readonly TimeSpan MetadataTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A producer whose failed delivery is always final: nothing is given up or sent out of order behind its back.</summary>
    public virtual IProducer<string, byte[]> CreateProducer(Action<ProducerBuilder<string, byte[]>>? configure = null)
    {
        var builder = new ProducerBuilder<string, byte[]>(new ProducerConfig(Copy(producer)))
            .SetErrorHandler((_, error) => LogError(error.Reason, error.IsFatal))
            .SetLogHandler((_, message) => LogLibrary(message.Facility, message.Message));
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>
    /// A consumer of one group that stores offsets only when it is told to (<c>StoreOffset</c>) and commits what is stored
    /// once a second and on leaving.
    /// </summary>
    public virtual IConsumer<string, byte[]> CreateConsumer(
        string group, Action<ConsumerBuilder<string, byte[]>>? configure = null, Action<ConsumerConfig>? settings = null)
    {
        var config = new ConsumerConfig(Copy(consumer)) { GroupId = group };
        settings?.Invoke(config);
        var builder = new ConsumerBuilder<string, byte[]>(config)
            .SetErrorHandler((_, error) => LogError(error.Reason, error.IsFatal))
            .SetLogHandler((_, message) => LogLibrary(message.Facility, message.Message));
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>
    /// Creates the topics that are missing. A broker that is too old to be asked for its versions is also too old for that
    /// (the request would only time out); such a broker creates a topic when it is first asked about, with the number of
    /// partitions from its own configuration.
    /// </summary>
    public virtual async Task EnsureTopicsAsync(IReadOnlyList<TopicSpecification> topics, CancellationToken cancel)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig(Copy(producer)))
            .SetErrorHandler((_, error) => LogError(error.Reason, error.IsFatal))
            .SetLogHandler((_, message) => LogLibrary(message.Facility, message.Message))
            .Build();
        var there = await Task.Run(() => admin.GetMetadata(MetadataTimeout), cancel);
        var missing = topics.Where(topic => !there.Topics.Any(known => known.Topic == topic.Name)).ToList();
        if (missing.Count == 0) return;
        if (producer.ApiVersionRequest is false)
        {
            foreach (var topic in missing) await Task.Run(() => admin.GetMetadata(topic.Name, MetadataTimeout), cancel);
            LogCreatedByBroker(string.Join(", ", missing.Select(topic => topic.Name)));
            return;
        }

        try
        {
            await admin.CreateTopicsAsync(missing).WaitAsync(TimeSpan.FromSeconds(30), cancel);
        }
        catch (CreateTopicsException error) when (error.Results.All(IsThere))
        {
            // Another replica was first.
        }
    }

    private static bool IsThere(CreateTopicReport report) =>
        report.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists;

    private static Dictionary<string, string> Copy(ClientConfig config) =>
        config.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);

    [LoggerMessage(LogLevel.Warning, "Kafka: {Reason} (fatal: {Fatal})")]
    private partial void LogError(string reason, bool fatal);

    [LoggerMessage(LogLevel.Debug, "librdkafka {Facility}: {Message}")]
    private partial void LogLibrary(string facility, string message);

    [LoggerMessage(LogLevel.Information, "The broker creates topics on first use: asked about {Topics}")]
    private partial void LogCreatedByBroker(string topics);
}

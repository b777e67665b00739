using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Read from <c>Aspire:Confluent:Kafka:Producer</c>; librdkafka's options from <c>Config</c> below it.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>Bootstrap servers; normally from <c>ConnectionStrings:&lt;connectionName&gt;</c>, which wins over the section.</summary>
    public string? ConnectionString { get; set; }

    public ProducerConfig Config { get; } = [];

    public bool DisableMetrics { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <summary>Without effect here: the client of the native stack has no instrumentation to switch off.</summary>
    public bool DisableTracing { get; set; }

    internal void Consolidate() => ConnectionDefaults.Apply(Config, ConnectionString, DisableMetrics);

    internal void Validate() => ConnectionDefaults.RequireServers(Config);
}

/// <summary>Read from <c>Aspire:Confluent:Kafka:Consumer</c>; librdkafka's options from <c>Config</c> below it.</summary>
public sealed class KafkaConsumerSettings
{
    /// <inheritdoc cref="KafkaProducerSettings.ConnectionString"/>
    public string? ConnectionString { get; set; }

    public ConsumerConfig Config { get; } = [];

    public bool DisableMetrics { get; set; }

    public bool DisableHealthChecks { get; set; }

    /// <inheritdoc cref="KafkaProducerSettings.DisableTracing"/>
    public bool DisableTracing { get; set; }

    internal void Consolidate() => ConnectionDefaults.Apply(Config, ConnectionString, DisableMetrics);

    internal void Validate()
    {
        ConnectionDefaults.RequireServers(Config);
        if (Config.GroupId is null) throw new InvalidOperationException("No group id configured.");
    }
}

internal static class ConnectionDefaults
{
    /// <summary>Metrics come from librdkafka's statistics, once a second unless set otherwise.</summary>
    public static void Apply(ClientConfig config, string? connectionString, bool disableMetrics)
    {
        if (connectionString is not null) config.BootstrapServers = connectionString;
        if (!disableMetrics) config.StatisticsIntervalMs ??= 1000;
    }

    public static void RequireServers(ClientConfig config)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers)) throw new InvalidOperationException("No bootstrap servers configured.");
    }
}

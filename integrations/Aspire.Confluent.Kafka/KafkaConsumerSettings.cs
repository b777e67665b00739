using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Read from <c>Aspire:Confluent:Kafka:Consumer</c>, then from the section of the connection's name below it.</summary>
public sealed class KafkaConsumerSettings
{
    /// <inheritdoc cref="KafkaProducerSettings.ConnectionString"/>
    public string? ConnectionString { get; set; }

    /// <inheritdoc cref="KafkaProducerSettings.Config"/>
    public ConsumerConfig Config { get; } = [];

    /// <inheritdoc cref="KafkaProducerSettings.DisableMetrics"/>
    public bool DisableMetrics { get; set; }

    /// <inheritdoc cref="KafkaProducerSettings.DisableHealthChecks"/>
    public bool DisableHealthChecks { get; set; }

    /// <inheritdoc cref="KafkaProducerSettings.DisableTracing"/>
    public bool DisableTracing { get; set; }
}

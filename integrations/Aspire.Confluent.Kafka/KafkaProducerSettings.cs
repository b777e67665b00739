using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Read from <c>Aspire:Confluent:Kafka:Producer</c>, then from the section of the connection's name below it.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>Bootstrap servers; normally from <c>ConnectionStrings:&lt;connectionName&gt;</c>, which wins over the sections.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>librdkafka's settings, from <c>Config</c> in the sections.</summary>
    public ProducerConfig Config { get; } = [];

    /// <summary>Default false: instruments of the meter <c>Aspire.Confluent.Kafka</c>, from librdkafka's statistics each second.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Default false: every probe writes a message into the topic <c>healthchecks-topic</c>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Without effect yet: Confluent.Kafka writes no spans, and its OpenTelemetry instrumentation is not on the feed.</summary>
    public bool DisableTracing { get; set; }
}

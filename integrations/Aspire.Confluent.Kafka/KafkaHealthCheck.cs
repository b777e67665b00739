using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy when a message can be written. Every probe leaves one in the topic <c>healthchecks-topic</c>.</summary>
internal sealed class KafkaHealthCheck(ProducerConfig config, string connectionName, ClientReports reports) : IHealthCheck
{
    private const string Topic = "healthchecks-topic";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            KafkaRegistration.RequireServers(config, connectionName);
            using var producer = new ProducerBuilder<string, string>(config)
                .SetLogHandler((_, message) => reports.Log(message))
                .Build();
            var message = new Message<string, string> { Key = "healthcheck-key", Value = "Check Kafka healthy" };
            var result = await producer.ProduceAsync(Topic, message, cancellationToken);
            return result.Status == PersistenceStatus.NotPersisted
                ? new HealthCheckResult(context.Registration.FailureStatus, "The message was not persisted.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is KafkaException or InvalidOperationException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, error.Message, error);
        }
    }
}

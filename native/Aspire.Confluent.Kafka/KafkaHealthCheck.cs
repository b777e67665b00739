using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy when a message can be written. Every probe leaves one in the topic <c>healthchecks-topic</c>.</summary>
internal sealed class KafkaHealthCheck(ProducerConfig config) : IHealthCheck
{
    private const string Topic = "healthchecks-topic";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            LibRdKafka.Require();
            using var producer = new ProducerBuilder<string, string>(config).Build();
            var message = new Message<string, string> { Key = "healthcheck-key", Value = "Check Kafka healthy" };
            var result = await producer.ProduceAsync(Topic, message, cancellationToken);
            return result.Status == PersistenceStatus.NotPersisted
                ? new HealthCheckResult(context.Registration.FailureStatus, "The message was not persisted.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception error) when (error is KafkaException or InvalidOperationException or DllNotFoundException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, error.Message, error);
        }
    }
}

using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Asks for the cluster's metadata, which leaves no trace in the broker.</summary>
internal sealed partial class KafkaHealthCheck(string? servers, ClientConfig settings, ILogger<KafkaHealthCheck> logger) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (servers is null) return new HealthCheckResult(context.Registration.FailureStatus, "The broker has no address yet.");
        try
        {
            // The client has no asynchronous way to ask.
            var brokers = await Task.Run(CountBrokers, cancellationToken).ConfigureAwait(false);
            return brokers > 0
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The cluster has no brokers.");
        }
        catch (KafkaException error)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, error.Message, error);
        }
    }

    /// <summary>A client for each question: one that is kept would try on, with threads of its own, after the broker has stopped.</summary>
    private int CountBrokers()
    {
        var config = new AdminClientConfig(settings.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal))
        {
            BootstrapServers = servers,
        };
        // Without handlers of its own the client writes to the console.
        using var admin = new AdminClientBuilder(config)
            .SetLogHandler((_, message) => LogLibrary(message.Facility, message.Message))
            .SetErrorHandler((_, error) => LogLibrary("ERROR", error.Reason))
            .Build();
        return admin.GetMetadata(Patience).Brokers.Count;
    }

    [LoggerMessage(LogLevel.Debug, "librdkafka {Facility}: {Message}")]
    private partial void LogLibrary(string facility, string message);
}

using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Confluent.Kafka;

/// <summary>The part of the registration that producers and consumers have in common.</summary>
internal static class KafkaRegistration
{
    // A probe must not wait for a broker that is away as long as a message would.
    private const int ProbeTimeoutMs = 1000;

    public static IConfigurationSection[] Sections(IConfiguration configuration, string section, string connectionName)
    {
        var common = configuration.GetSection(section);
        return [common, common.GetSection(connectionName)];
    }

    /// <summary>Metrics come from librdkafka's statistics, once a second unless set otherwise.</summary>
    public static void Complete(ClientConfig config, string? connectionString, bool disableMetrics)
    {
        if (connectionString is not null) config.BootstrapServers = connectionString;
        if (!disableMetrics) config.StatisticsIntervalMs ??= 1000;
    }

    public static void RequireServers(ClientConfig config, string connectionName)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
            throw new InvalidOperationException($"There is no address of Kafka: set 'ConnectionStrings:{connectionName}'.");
    }

    public static void AddKafkaMetrics(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<KafkaMetrics>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(KafkaMetrics.Meter));
    }

    public static void AddKafkaHealthCheck(this IHostApplicationBuilder builder, string role, ClientConfig config, string connectionName)
    {
        var name = $"Aspire.Confluent.Kafka.{role}";
        // Several clients of a process ask one broker; a second check of one name would be an error.
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name,
            services =>
            {
                var copy = config.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
                var probe = new ProducerConfig(copy)
                {
                    SocketTimeoutMs = ProbeTimeoutMs,
                    MessageTimeoutMs = ProbeTimeoutMs,
                    StatisticsIntervalMs = 0,
                };
                return new KafkaHealthCheck(probe, connectionName, new ClientReports(services));
            },
            failureStatus: null,
            tags: null));
    }
}

using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Confluent.Kafka;

/// <summary>What producers and consumers are registered with alike.</summary>
internal static class KafkaRegistration
{
    // A probe must not wait for a broker that is away as long as a message would.
    private const int ProbeTimeoutMs = 1000;

    public static void AddKafkaTelemetry(this IHostApplicationBuilder builder, bool disableMetrics)
    {
        if (disableMetrics) return;
        builder.Services.TryAddSingleton<MetricsChannel>();
        builder.Services.TryAddSingleton<Metrics>();
        builder.Services.AddHostedService<MetricsService>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Names.Meter));
    }

    /// <param name="validate">Throws when the settings cannot make a client; the check then fails.</param>
    /// <param name="config">The client's own settings; the probe's producer takes them over.</param>
    public static void AddKafkaHealthCheck(
        this IHostApplicationBuilder builder, string role, string? serviceKey, Action validate, ClientConfig config)
    {
        var name = Names.HealthCheckPrefix + role + (serviceKey is null ? "" : $"_{serviceKey}");
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name,
            _ =>
            {
                validate();
                var copy = config.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
                return new KafkaHealthCheck(new ProducerConfig(copy)
                {
                    SocketTimeoutMs = ProbeTimeoutMs,
                    MessageTimeoutMs = ProbeTimeoutMs,
                    StatisticsIntervalMs = 0,
                });
            },
            failureStatus: null,
            tags: null));
    }
}

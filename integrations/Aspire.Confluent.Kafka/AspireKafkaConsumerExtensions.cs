using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Kafka consumers.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder, string, Action{KafkaConsumerSettings})"/>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        builder.AddKafkaConsumer<TKey, TValue>(connectionName, configureSettings: null);

    /// <summary>
    /// Registers <see cref="IConsumer{TKey,TValue}"/> as a singleton, with health check and metrics. Later ones win: common section,
    /// the connection's section, connection string, <paramref name="configureSettings"/>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings that were read.</param>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new KafkaConsumerSettings();
        foreach (var section in KafkaRegistration.Sections(builder.Configuration, Section, connectionName))
        {
            section.Bind(settings);
            // Bound by itself: inside another object the binder takes it for the collection that it also is.
            section.GetSection(nameof(settings.Config)).Bind(settings.Config);
        }

        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        KafkaRegistration.Complete(settings.Config, settings.ConnectionString, settings.DisableMetrics);

        builder.Services.AddSingleton(services =>
        {
            KafkaRegistration.RequireServers(settings.Config, connectionName);
            if (settings.Config.GroupId is null)
                throw new InvalidOperationException($"A consumer needs a group: set '{Section}:Config:GroupId'.");
            var reports = new ClientReports(services);
            var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config).SetLogHandler((_, message) => reports.Log(message));
            if (!settings.DisableMetrics) consumer.SetStatisticsHandler((_, json) => reports.Measure(json));
            return consumer.Build();
        });
        if (!settings.DisableMetrics) builder.AddKafkaMetrics();
        if (!settings.DisableHealthChecks) builder.AddKafkaHealthCheck("Consumer", settings.Config, connectionName);
    }
}

using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Registers <see cref="IProducer{TKey,TValue}"/> as a singleton, with health check and metrics. Order of settings: common section,
/// the connection's section, connection string, <c>configureSettings</c>; the connection string then becomes the bootstrap servers.
/// </summary>
public static class AspireKafkaProducerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Producer";

    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, null, null, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, null, configureSettings, null);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, null, Wrap(configureBuilder));

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, null, configureBuilder);

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, configureSettings, Wrap(configureBuilder));

    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, null, configureSettings, configureBuilder);

    /// <summary>A singleton of the key <paramref name="name"/>, with the connection string of that name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, name, null, null);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey,TValue}(IHostApplicationBuilder, string)"/>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, name, configureSettings, null);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = Read(builder, connectionName, configureSettings);

        IProducer<TKey, TValue> Make(IServiceProvider services)
        {
            settings.Validate();
            LibRdKafka.Require();
            var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
            configureBuilder?.Invoke(services, producer);
            var hooks = new ClientHooks(services);
            hooks.Try("LogHandler", () => producer.SetLogHandler((_, message) => hooks.Log(message)));
            if (!settings.DisableMetrics)
                hooks.Try("StatisticsHandler", () => producer.SetStatisticsHandler((_, json) => hooks.Measure(json)));
            return producer.Build();
        }

        if (serviceKey is null) builder.Services.AddSingleton(Make);
        else builder.Services.AddKeyedSingleton(serviceKey, (services, _) => Make(services));
        builder.AddKafkaTelemetry(settings.DisableMetrics);
        if (!settings.DisableHealthChecks) builder.AddKafkaHealthCheck("Producer", serviceKey, settings.Validate, settings.Config);
    }

    private static KafkaProducerSettings Read(
        IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings)
    {
        var common = builder.Configuration.GetSection(Section);
        var settings = new KafkaProducerSettings();
        foreach (var section in new[] { common, common.GetSection(connectionName) })
        {
            section.Bind(settings);
            // Bound by itself: inside another object the binder takes it for the collection that it also is.
            section.GetSection(nameof(KafkaProducerSettings.Config)).Bind(settings.Config);
        }

        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);
        settings.Consolidate();
        return settings;
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? Wrap<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configure) =>
        configure is null ? null : (_, builder) => configure(builder);
}

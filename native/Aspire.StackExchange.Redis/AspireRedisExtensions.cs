using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";
    private const string HealthCheck = "StackExchange.Redis";

    /// <summary>
    /// Registers <see cref="IConnectionMultiplexer"/> as a singleton, with its health check. Order of settings: section,
    /// section of the connection's name, connection string, <paramref name="configureSettings"/>; then the options from the
    /// connection string, the sections' <c>ConfigurationOptions</c>, <paramref name="configureOptions"/>.
    /// </summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>As <see cref="AddRedisClient"/>, as a singleton of the key <paramref name="name"/>.</summary>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null) =>
        Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static void Add(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var common = builder.Configuration.GetSection(Section);
        var named = common.GetSection(connectionName);
        var settings = new StackExchangeRedisSettings();
        common.Bind(settings);
        named.Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        IConnectionMultiplexer Connect()
        {
            var options = Parse(settings.ConnectionString);
            common.GetSection(nameof(ConfigurationOptions)).Bind(options);
            named.GetSection(nameof(ConfigurationOptions)).Bind(options);
            configureOptions?.Invoke(options);
            return options.EndPoints.Count > 0 ? ConnectionMultiplexer.Connect(options) : throw Missing(connectionName);
        }

        if (serviceKey is null) builder.Services.AddSingleton(_ => Connect());
        else builder.Services.AddKeyedSingleton(serviceKey, (_, _) => Connect());
        if (!settings.DisableAutoActivation)
            builder.Services.AddSingleton<IHostedService>(services => new RedisActivation(() => Resolve(services, serviceKey)));
        if (!settings.DisableHealthChecks) AddHealthCheck(builder, serviceKey);
    }

    /// <summary>Unless told otherwise, a server that is not there yet is waited for in the background, not an error.</summary>
    private static ConfigurationOptions Parse(string? connectionString)
    {
        var options = connectionString is null ? new ConfigurationOptions() : ConfigurationOptions.Parse(connectionString);
        if (connectionString?.Contains("abortConnect", StringComparison.OrdinalIgnoreCase) != true) options.AbortOnConnectFail = false;
        return options;
    }

    private static InvalidOperationException Missing(string connectionName) => new(
        $"No endpoints specified. Set 'ConnectionStrings:{connectionName}' or '{Section}:ConnectionString'.");

    private static IConnectionMultiplexer Resolve(IServiceProvider services, string? serviceKey) =>
        serviceKey is null
            ? services.GetRequiredService<IConnectionMultiplexer>()
            : services.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey);

    private static void AddHealthCheck(IHostApplicationBuilder builder, string? serviceKey)
    {
        var name = serviceKey is null ? HealthCheck : $"{HealthCheck}_{serviceKey}";
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, services => new RedisHealthCheck(() => Resolve(services, serviceKey)), failureStatus: null, tags: null));
    }
}

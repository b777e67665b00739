using CommunityToolkit.Aspire.Meilisearch;
using Meilisearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

public static class AspireMeilisearchExtensions
{
    private const string Section = "Aspire:Meilisearch:Client";

    /// <summary>
    /// Registers <see cref="MeilisearchClient"/> as a singleton, with its health check. Order of settings: configuration
    /// section, connection string, <paramref name="configureSettings"/>.
    /// </summary>
    public static void AddMeilisearchClient(
        this IHostApplicationBuilder builder, string connectionName, Action<MeilisearchClientSettings>? configureSettings = null) =>
        Add(builder, Section, connectionName, serviceKey: null, configureSettings);

    /// <summary>As <see cref="AddMeilisearchClient"/>, a singleton of the key <paramref name="name"/>, with its own section.</summary>
    public static void AddKeyedMeilisearchClient(
        this IHostApplicationBuilder builder, string name, Action<MeilisearchClientSettings>? configureSettings = null) =>
        Add(builder, $"{Section}:{name}", name, serviceKey: name, configureSettings);

    private static void Add(
        IHostApplicationBuilder builder,
        string section,
        string connectionName,
        string? serviceKey,
        Action<MeilisearchClientSettings>? configureSettings)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new MeilisearchClientSettings();
        builder.Configuration.GetSection(section).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString) settings.Apply(connectionString);
        configureSettings?.Invoke(settings);

        MeilisearchClient Make() => settings.Endpoint is { } endpoint
            ? new MeilisearchClient(endpoint.ToString(), settings.MasterKey)
            : throw new InvalidOperationException(
                $"A MeilisearchClient could not be configured. Set 'ConnectionStrings:{connectionName}' or 'Endpoint' in '{section}'.");

        if (serviceKey is null) builder.Services.AddSingleton(_ => Make());
        else builder.Services.AddKeyedSingleton(serviceKey, (_, _) => Make());
        if (!settings.DisableHealthChecks) AddHealthCheck(builder, settings, serviceKey);
    }

    private static void AddHealthCheck(IHostApplicationBuilder builder, MeilisearchClientSettings settings, string? serviceKey)
    {
        var name = serviceKey is null ? "Meilisearch" : $"Meilisearch_{serviceKey}";
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name,
            services => new MeilisearchHealthCheck(serviceKey is null
                ? services.GetRequiredService<MeilisearchClient>()
                : services.GetRequiredKeyedService<MeilisearchClient>(serviceKey)),
            failureStatus: null,
            tags: null,
            timeout: settings.HealthCheckTimeout > 0 ? TimeSpan.FromMilliseconds(settings.HealthCheckTimeout.Value) : null));
    }
}

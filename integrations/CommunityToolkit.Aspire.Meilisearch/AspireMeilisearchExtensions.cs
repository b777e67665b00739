using CommunityToolkit.Aspire.Meilisearch;
using Meilisearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers Meilisearch clients.</summary>
public static class AspireMeilisearchExtensions
{
    private const string Section = "Aspire:Meilisearch:Client";
    private const string HealthCheck = "Meilisearch";

    /// <summary>
    /// Registers <see cref="MeilisearchClient"/> as a singleton, with its health check. Later ones win: configuration section,
    /// connection string, <paramref name="configureSettings"/>.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="connectionName">The name of the connection string.</param>
    /// <param name="configureSettings">Changes the settings that were read.</param>
    public static void AddMeilisearchClient(
        this IHostApplicationBuilder builder, string connectionName, Action<MeilisearchClientSettings>? configureSettings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var settings = new MeilisearchClientSettings();
        builder.Configuration.GetSection(Section).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString) settings.Apply(connectionString);
        configureSettings?.Invoke(settings);

        builder.Services.AddSingleton(_ => settings.Endpoint is { } endpoint
            ? new MeilisearchClient(endpoint.ToString(), settings.MasterKey)
            : throw new InvalidOperationException(
                $"There is no address of Meilisearch: set 'ConnectionStrings:{connectionName}' or '{Section}:Endpoint'."));
        // A second client of the process is the same singleton; a second check of one name would be an error.
        if (settings.DisableHealthChecks || !builder.Properties.TryAdd($"Aspire.HealthChecks.{HealthCheck}", true)) return;
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            HealthCheck,
            services => new MeilisearchHealthCheck(services.GetRequiredService<MeilisearchClient>()),
            failureStatus: null,
            tags: null,
            timeout: settings.HealthCheckTimeout > 0 ? TimeSpan.FromMilliseconds(settings.HealthCheckTimeout.Value) : null));
    }
}

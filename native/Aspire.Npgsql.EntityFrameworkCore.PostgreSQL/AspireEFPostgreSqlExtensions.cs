using Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

public static class AspireEFPostgreSqlExtensions
{
    private const string Section = "Aspire:Npgsql:EntityFrameworkCore:PostgreSQL";

    // The driver's own activity source and meter.
    private const string Telemetry = "Npgsql";

    /// <summary>
    /// Registers a pooled <typeparamref name="TContext"/> with retries, health check, tracing and metrics.
    /// Order of settings: common section, the connection's, the context's, connection string, <paramref name="configureSettings"/>.
    /// </summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        if (builder.Environment.IsDevelopment() && IsRegistered<TContext>(builder))
            throw new InvalidOperationException($"DbContext<{typeof(TContext).Name}> is already registered: use EnrichNpgsqlDbContext.");

        var settings = Read<TContext>(builder, connectionName);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            // Checked on first use, when there is a logger to report it.
            if (string.IsNullOrEmpty(settings.ConnectionString)) throw Missing<TContext>(connectionName);
            options.UseNpgsql(settings.ConnectionString, npgsql =>
            {
                if (!settings.DisableRetry) npgsql.EnableRetryOnFailure();
                if (settings.CommandTimeout is { } seconds) npgsql.CommandTimeout(seconds);
            });
            configureDbContextOptions?.Invoke(options);
        });
        Instrument<TContext>(builder, settings);
    }

    /// <summary>Adds retries, health check, tracing and metrics to a context that was registered otherwise.</summary>
    public static void EnrichNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder, Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = Read<TContext>(builder, connectionName: null);
        configureSettings?.Invoke(settings);

        if (!settings.DisableRetry || settings.CommandTimeout is not null)
        {
            if (!IsRegistered<TContext>(builder))
                throw new InvalidOperationException($"DbContext<{typeof(TContext).Name}> was not registered before it was enriched.");
            builder.Services.ConfigureDbContext<TContext>(options => options.UseNpgsql(npgsql =>
            {
                if (!settings.DisableRetry) npgsql.EnableRetryOnFailure();
                if (settings.CommandTimeout is { } seconds) npgsql.CommandTimeout(seconds);
            }));
        }

        Instrument<TContext>(builder, settings);
    }

    private static bool IsRegistered<TContext>(IHostApplicationBuilder builder)
        where TContext : DbContext =>
        builder.Services.Any(service => service.ServiceType == typeof(DbContextOptions<TContext>));

    /// <summary>The later section wins: the common one, the connection's, the context's.</summary>
    private static NpgsqlEntityFrameworkCorePostgreSQLSettings Read<TContext>(IHostApplicationBuilder builder, string? connectionName)
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings();
        var common = builder.Configuration.GetSection(Section);
        common.Bind(settings);
        if (connectionName is not null) common.GetSection(connectionName).Bind(settings);
        common.GetSection(typeof(TContext).Name).Bind(settings);
        return settings;
    }

    private static InvalidOperationException Missing<TContext>(string connectionName) => new(
        $"ConnectionString is missing. Set 'ConnectionStrings:{connectionName}', or 'ConnectionString' in the section "
        + $"'{Section}' or '{Section}:{typeof(TContext).Name}'.");

    private static void Instrument<TContext>(IHostApplicationBuilder builder, NpgsqlEntityFrameworkCorePostgreSQLSettings settings)
        where TContext : DbContext
    {
        if (!settings.DisableHealthChecks) AddHealthCheck<TContext>(builder);
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Telemetry));
        if (!settings.DisableMetrics)
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Telemetry));
    }

    private static void AddHealthCheck<TContext>(IHostApplicationBuilder builder)
        where TContext : DbContext
    {
        var name = typeof(TContext).Name;
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true)) return;
        builder.Services.AddHealthChecks().AddCheck<DbContextHealthCheck<TContext>>(name);
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Indexer.Streams;

internal static class StreamExtensions
{
    /// <summary>What every projection's stream needs.</summary>
    public static void AddStreams(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<StreamOptions>()
            .BindConfiguration(StreamOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<LagBoard>();
        builder.Services.AddSingleton<IndexerMetrics>();
        builder.Services.AddSingleton<DeadLetterWriter>();
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ServicesStopConcurrently = true;
            host.ShutdownTimeout = TimeSpan.FromSeconds(10);
        });
    }

    /// <summary>Runs <typeparamref name="T"/> over the order events, and says in <c>/health</c> when it is held up.</summary>
    public static void AddProjection<T>(this IHostApplicationBuilder builder)
        where T : class, IProjection
    {
        builder.Services.AddSingleton<T>();
        builder.Services.AddSingleton(services =>
            new Stream<T>(ActivatorUtilities.CreateInstance<StreamConsumer>(services, services.GetRequiredService<T>())));
        // Not AddHostedService: it takes one service per type, and every projection's is a StreamConsumer.
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredService<Stream<T>>().Consumer);
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            typeof(T).Name, services => new StreamHealth(services.GetRequiredService<Stream<T>>().Consumer), null, null));
    }

    /// <summary>Tells the consumers of the projections apart in the container.</summary>
    private sealed record Stream<T>(StreamConsumer Consumer);

    /// <summary>Held up is degraded, not unhealthy: restarting the process would not bring the server back.</summary>
    private sealed class StreamHealth(StreamConsumer consumer) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(consumer.Trouble is { } trouble
                ? HealthCheckResult.Degraded($"{consumer.Projection.Group}: {trouble}")
                : HealthCheckResult.Healthy());
    }
}

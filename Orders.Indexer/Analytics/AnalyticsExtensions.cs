using Orders.Indexer.Drift;
using Orders.Indexer.Jobs;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Analytics;

internal static class AnalyticsExtensions
{
    /// <summary>Facts and rollups in the schema <c>analytics</c>, on the connection that the webhooks have made.</summary>
    public static void AddAnalytics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<AnalyticsOptions>()
            .BindConfiguration(AnalyticsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<AnalyticsStore>();
        builder.Services.AddSingleton<AnalyticsRebuild>();
        builder.Services.AddSingleton<FactMending>();
        builder.Services.AddSingleton<IDriftSource, AnalyticsDrift>();
        builder.Services.AddSingleton<IDriftSums, Rollups>();
        builder.AddProjection<AnalyticsProjection>();
        builder.AddJob<AnalyticsRebuildJob>();
    }
}

using Orders.Indexer.Jobs;
using Orders.Indexer.Searching;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Projections;

internal static class ProjectionExtensions
{
    public static void AddSearchProjection(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SearchOptions>()
            .BindConfiguration(SearchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<SearchIndex>();
        builder.Services.AddSingleton<SearchWriter>();
        builder.Services.AddSingleton<SearchGate>();
        builder.Services.AddSingleton<HotWindow>();
        builder.Services.AddSingleton<IndexExchange>();
        builder.Services.AddSingleton<OrderPages>();
        builder.Services.AddHostedService<TaskPruner>();
        builder.AddJob<SearchRebuild>();
        builder.AddJob<SearchWindow>();
        builder.AddProjection<SearchProjection>();
    }

    public static void AddCacheProjection(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<CacheProjectionOptions>()
            .BindConfiguration(CacheProjectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddProjection<CacheProjection>();
    }
}

using Orders.Indexer.Streams;

namespace Orders.Indexer.Projections;

internal static class ProjectionExtensions
{
    public static void AddSearchProjection(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SearchOptions>()
            .BindConfiguration(SearchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<SearchIndex>();
        builder.AddProjection<SearchProjection>();
    }

    public static void AddCacheProjection(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<CacheProjectionOptions>()
            .BindConfiguration(CacheProjectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddProjection<CacheProjection>();
    }
}

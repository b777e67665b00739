using Orders.Indexer.Jobs;

namespace Orders.Indexer.Drift;

internal static class DriftExtensions
{
    /// <summary>Compares the database with what is made from it; after the projections, whose parts it uses.</summary>
    public static void AddDrift(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DriftOptions>().BindConfiguration(DriftOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DriftMetrics>();
        builder.Services.AddHealthChecks().AddCheck<DriftHealth>("drift");
        builder.Services.AddSingleton<StoredOrders>();
        builder.Services.AddSingleton<GroupProgress>();
        builder.Services.AddSingleton<IDriftSource, SearchDrift>();
        builder.Services.AddSingleton<IDriftSource, CacheDrift>();
        builder.Services.AddSingleton<SumsCheck>();
        builder.Services.AddSingleton<DriftCheck>();
        builder.Services.AddSingleton<DriftChecker>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DriftChecker>());
        builder.AddJob<VerifyJob>();
    }
}

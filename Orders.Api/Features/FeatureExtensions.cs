using Npgsql;
using Orders.Api.Access;
using Orders.Api.Changes;
using Orders.Api.Docs;
using Orders.Api.Features.Analytics;
using Orders.Api.Features.Bulk;
using Orders.Api.Features.Catalogue;
using Orders.Api.Features.Changing;
using Orders.Api.Features.DataCatalog;
using Orders.Api.Features.Explaining;
using Orders.Api.Features.Freshness;
using Orders.Api.Features.Placing;
using Orders.Api.Features.Reading;
using Orders.Api.Features.Searching;
using Orders.Contracts;
using Orders.ServiceDefaults.Alarms;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Api.Features;

internal static class FeatureExtensions
{
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        // Orders can be placed and read while search is away, so search has no say in this process's health.
        builder.AddMeilisearchClient(WireNames.Connections.Search, settings => settings.DisableHealthChecks = true);
        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddOptions<StatsOptions>().BindConfiguration(StatsOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.AddReading();
        builder.AddSearching();
        builder.AddChanging();
        builder.AddPlacing();
        builder.AddExplaining();
        builder.AddCatalogue();
        builder.AddBulk();
        builder.AddFreshness(services => services.GetRequiredService<NpgsqlDataSource>());
        builder.Services.AddHostedService<FreshnessCanary>();
        builder.AddAlarms(services => services.GetRequiredService<NpgsqlDataSource>());
        builder.AddAnalytics();
        builder.AddDataCatalog();
    }

    public static void MapFeatures(this WebApplication app)
    {
        var service = app.MapGroup("/v1").WithTags("Service");
        service.MapGet("/health", ServiceHealth.Handle).AllowAnonymous().DisableRateLimiting()
            .Describe("Say whether the service works",
                "503 when a server is away that the service cannot work without. `degraded` is 200: it works, and `reasons` says what "
                + "is wrong.")
            .Replies(200, "It works.", new ServiceHealth.Reply(
                "degraded", new() { ["ordersdb"] = "healthy", ["dead letters"] = "degraded" },
                new() { ["dead letters"] = "3 dead letters are open: GET /v1/admin/dead-letters?state=open" }))
            .Replies(503, "It does not.", new ServiceHealth.Reply("unhealthy", new() { ["ordersdb"] = "unhealthy" }, []));
        service.MapGet("/stats", Stats.Handle).RequireScope(null, unbound: true)
            .Describe("Count the rows of each table",
                "Exact up to 100,000 rows; of larger tables PostgreSQL's estimate, and `estimated` names them.")
            .Replies(200, "The counts.", new Stats.Counts(2000, 2500, 500, 12_345, []));

        service.MapGet("/freshness", ReadFreshness.Handle).RequireScope(Scopes.OrdersRead, unbound: true)
            .Describe("Say how soon changes are everywhere", """
                Percentiles, in seconds, of the time from a change's commit until Kafka has acknowledged it (`kafka`), until the search
                engine has taken its document (`search_enqueued`), until a search finds it (`search`), until other projections have
                it (by their names), and the same seen from outside for one change every few seconds (`canary`). Every change counts;
                `cache` has only those that were not there already when their event came.
                """)
            .Query("minutes", Values.Whole(1, ReadFreshness.MinutesMax, ReadFreshness.MinutesDefault), "How far back, in minutes.", 15)
            .Replies(200, "The delays.", new ReadFreshness.Reply(Examples.At, 15, [new("search", 1234, 0.18, 0.44, 0.61)]));

        // What forgets to say that reading is enough asks for writing.
        var orders = app.MapGroup("/v1/orders").WithTags("Orders").RequireScope(Scopes.OrdersWrite)
            .Route("id", Values.Text(64), "The order's id.", Examples.OrderId);
        orders.MapPlacing();
        orders.MapReading();
        orders.MapBulk();
        orders.MapChanges();
        orders.MapChanging();
        orders.MapExplaining();
        app.MapAnalytics();
        app.MapDataCatalog();
    }
}

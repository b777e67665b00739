using Orders.Api.Access;
using Orders.Api.Docs;

namespace Orders.Api.Features.DataCatalog;

internal static class DataCatalogExtensions
{
    public static void AddDataCatalog(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DataCatalogOptions>()
            .BindConfiguration(DataCatalogOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<CatalogTables>();
        builder.Services.AddSingleton<CatalogTopics>();
        builder.Services.AddSingleton<CatalogReader>();
    }

    /// <summary><c>GET /v1/catalog</c>: every dataset of the pipeline.</summary>
    public static void MapDataCatalog(this WebApplication app) =>
        app.MapGroup("/v1").WithTags("Analytics").RequireScope(Scopes.OrdersRead, unbound: true)
            .MapGet("/catalog", (CatalogReader reader, CancellationToken cancel) => reader.ReadAsync(cancel))
            .Describe("List the datasets", "Everything that holds data of orders: the tables, the topics, the archive (bronze), the facts "
                + "(silver), the rollups (gold) and the search index: schema, location, rows, newest event, lag and retention. What a "
                + "server cannot say just now is absent from its datasets, which then say so in `unavailable`. Rows of large tables are "
                + "estimates and marked as such.", "listDatasets")
            .Replies(200, "The datasets, by layer.", new Catalog(Examples.At,
            [
                new Dataset("analytics.rollups", "gold", "Sums per hour, day and month", "postgresql: ordersdb, table analytics.rollups",
                    [new Column("bucket", "timestamp with time zone")], Rows: 4711, RowsEstimated: true, NewestEventAt: Examples.At,
                    LagEvents: 0),
            ]));
}

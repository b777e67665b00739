using Orders.Api.Access;
using Orders.Contracts;

namespace Orders.Api.Features;

internal static class FeatureExtensions
{
    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        // Orders can be placed and read while search is away, so search has no say in this process's health.
        builder.AddMeilisearchClient(WireNames.Connections.Search, settings => settings.DisableHealthChecks = true);
        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddSingleton<OrderReader>();
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.MapGet("/v1/health", ServiceHealth.Handle).AllowAnonymous().DisableRateLimiting();
        app.MapGet("/v1/stats", Stats.Handle).RequireScope(null, unbound: true);

        // What forgets to say that reading is enough asks for writing.
        var orders = app.MapGroup("/v1/orders").WithTags("Orders").RequireScope(Scopes.OrdersWrite);
        orders.MapPost("", PlaceOrder.Handle);
        orders.MapGet("", ListOrders.Handle).RequireScope(Scopes.OrdersRead);
        orders.MapGet("/search", SearchOrders.Handle).RequireScope(Scopes.OrdersRead);
        orders.MapGet("/{id}", GetOrder.Handle).WithName(GetOrder.RouteName).RequireScope(Scopes.OrdersRead);
        orders.MapPost("/{id}/cancel", CancelOrder.Handle);
    }
}

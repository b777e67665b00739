using Orders.Api.Access;
using Orders.Api.Features.Changing;
using Orders.Api.Features.Placing;
using Orders.Api.Features.Reading;
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
        builder.Services.AddSingleton<OrderChanger>();
        builder.AddPlacing();
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
        orders.MapGet("/{id}", GetOrder.Handle).RequireScope(Scopes.OrdersRead);
        orders.MapGet("/{id}/history", OrderHistory.Handle).RequireScope(Scopes.OrdersRead);
        orders.MapPatch("/{id}", EditOrder.Handle);
        orders.MapPost("/{id}/confirm", ConfirmOrder.Handle);
        orders.MapPost("/{id}/pay", PayOrder.Handle);
        orders.MapPost("/{id}/ship", ShipOrder.Handle);
        orders.MapPost("/{id}/deliver", DeliverOrder.Handle);
        orders.MapPost("/{id}/cancel", CancelOrder.Handle);
        orders.MapPost("/{id}/return", ReturnOrder.Handle);
        orders.MapPost("/{id}/fail", FailOrder.Handle);
        orders.MapPost("/{id}/refunds", RefundOrder.Handle);
        orders.MapGet("/{id}/refunds", ListRefunds.Handle).RequireScope(Scopes.OrdersRead);
        orders.MapGet("/{id}/refunds/{refund}", ListRefunds.HandleOne).RequireScope(Scopes.OrdersRead);
    }
}

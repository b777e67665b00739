using Orders.Api.Docs;
using Orders.Api.Http;

namespace Orders.Api.Features.Placing;

internal static class PlacingExtensions
{
    public static void AddPlacing(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PricingOptions>()
            .BindConfiguration(PricingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DraftReader>();
        builder.Services.AddSingleton<OrderPlacer>();
    }

    public static void MapPlacing(this RouteGroupBuilder orders) => orders.MapPost("", PlaceOrder.Handle)
        .Describe("Place an order", "A 201 means that the order, its history, its event, its stock and its idempotency key are committed. "
            + "Customer, address and product fields are copied: later changes of the originals do not reach the order.")
        .Takes(new OrderRequest(
            Examples.CustomerId, Examples.AddressId, "web", null, null, [new OrderLine(Examples.ProductId, 2)]))
        .Replies(201, "The order.", Examples.Order, CommonHeaders.Location, CommonHeaders.ETag)
        .Refuses(ProblemTypes.UnusableReference, ProblemTypes.OutOfStock, ProblemTypes.ExternalIdTaken, ProblemTypes.Contended,
            ProblemTypes.OutcomeUnknown);
}

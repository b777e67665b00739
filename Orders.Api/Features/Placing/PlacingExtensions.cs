using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.Api.Inbound;

namespace Orders.Api.Features.Placing;

internal static class PlacingExtensions
{
    public static void AddPlacing(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PricingOptions>()
            .BindConfiguration(PricingOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.IsSound(), PricingOptions.Wanted).ValidateOnStart();
        builder.Services.AddSingleton<DraftReader>();
        builder.Services.AddSingleton<OrderPlacer>();
    }

    public static void MapPlacing(this RouteGroupBuilder orders)
    {
        orders.MapGet("/requests/{id}", GetRequest.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("Ask what became of a request", "Of an order that was sent with `Prefer: respond-async`, by the key that sent it. "
                + "Outcomes are kept for seven days unless configured otherwise.")
            .Route("id", Values.Text(64), "The request's id, from the Location of the 202.", Examples.RequestId)
            .Replies(200, "What is known. `Retry-After` while nothing is.", new GetRequest.Reply(
                Examples.RequestId, AcceptedRequest.Placed, Examples.OrderId, null, Examples.At, Examples.At.AddSeconds(1)))
            .Refuses(ProblemTypes.NotFound);
        orders.MapPost("/quote", QuoteOrder.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("Price an order", "Takes what placing takes and answers what it would cost now. Nothing is placed, taken from stock "
                + "or counted, and nothing is promised.")
            .Takes(new OrderRequest(
                Examples.CustomerId, Examples.AddressId, "web", null, null, [new OrderLine(Examples.ProductId, 2)]))
            .Replies(200, "The amounts and lines of the order as it would be.", new Quote(
                Examples.Order.Currency, Examples.Order.Subtotal, Examples.Order.Discount, Examples.Order.Shipping, Examples.Order.Tax,
                Examples.Order.Total, Examples.Order.TotalWeight, Examples.Order.Items))
            .Refuses(ProblemTypes.UnusableReference);
        orders.MapPlace();
    }

    private static void MapPlace(this RouteGroupBuilder orders) => orders.MapPost("", PlaceOrder.Handle)
        .Describe("Place an order", "A 201 means that the order, its history, its event, its stock and its idempotency key are committed. "
            + "Customer, address and product fields are copied: later changes of the originals do not reach the order.")
        .Takes(new OrderRequest(
            Examples.CustomerId, Examples.AddressId, "web", null, null, [new OrderLine(Examples.ProductId, 2)]))
        .Header("Prefer", Values.Text(256), "`respond-async`: answer 202 at once and place the order a moment later.")
        .Replies(202, "The request is kept and will be done; its outcome is at Location.",
            new GetRequest.Reply(Examples.RequestId, AcceptedRequest.Accepted, null, null, null, null), CommonHeaders.Location)
        .Replies(201, "The order.", Examples.Order, CommonHeaders.Location, CommonHeaders.ETag, CommonHeaders.Position)
        .Refuses(ProblemTypes.UnusableReference, ProblemTypes.OutOfStock, ProblemTypes.ExternalIdTaken, ProblemTypes.Contended,
            ProblemTypes.OutcomeUnknown, ProblemTypes.OrderTooLarge);
}

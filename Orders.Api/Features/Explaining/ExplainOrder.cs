using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Reading;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Explaining;

/// <summary><c>GET /v1/orders/{id}/explain</c>: everything that is known of an order, and whether it agrees.</summary>
internal static class ExplainOrder
{
    public static async Task<IResult> Handle(string id, OrderExplainer explainer, CancellationToken cancel) =>
        OrderIds.IsId(id) && await explainer.ExplainAsync(id, cancel) is { } explanation
            ? TypedResults.Ok(explanation)
            : GetOrder.NotFound(id);
}

/// <summary><c>POST /v1/orders/{id}/heal</c>: rebuilds whatever disagrees with the order's history.</summary>
internal static class HealOrder
{
    public static async Task<IResult> Handle(string id, OrderHealer healer, CancellationToken cancel) =>
        OrderIds.IsId(id) && await healer.HealAsync(id, cancel) is { } healing ? TypedResults.Ok(healing) : GetOrder.NotFound(id);
}

internal static class ExplainingExtensions
{
    private static readonly Explanation Example = new(
        Examples.OrderId, OrderStatus.Placed, 1, true, [], [new(1, OrderEventTypes.Placed, "placed", Examples.At, null, Trace)],
        [
            new(OrderEvent.IdOf(Examples.OrderId, 1), 1, OrderEventTypes.Placed, EventTrail.Published, 4711, 4700,
                new KafkaPlace(WireNames.Topics.OrderEvents, 3, 1042, Examples.At.AddSeconds(1)), Trace),
        ],
        new StoredEvidence(1, true, []), new CopyEvidence(1, CopyEvidence.Same, true), new CopyEvidence(1, CopyEvidence.Same, true));

    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    public static void AddExplaining(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ExplainOptions>()
            .BindConfiguration(ExplainOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderExplainer>();
        builder.Services.AddSingleton<OrderHealer>();
    }

    public static void MapExplaining(this RouteGroupBuilder orders)
    {
        orders.MapGet("/{id}/explain", ExplainOrder.Handle).RequireScope(Scopes.OrdersRead, unbound: true)
            .Describe("Explain an order",
                "Its timeline, every event with its place in outbox, change feed and Kafka, and what the rows, the "
                + "search index and the cache say, with whether all of it agrees. What is still on its way does not disagree.")
            .Replies(200, "All that is known.", Example)
            .Refuses(ProblemTypes.NotFound);
        orders.MapPost("/{id}/heal", HealOrder.Handle).RequireScope(Scopes.OrdersWrite, unbound: true)
            .Describe("Heal an order", "Rebuilds what disagrees with the order's history: rows, cache entry, search document. The document "
                + "takes the way of every event, so ask for the explanation again a moment later. Nothing is done when all agree.")
            .Replies(200, "What was found and done.", new Healing(["search"], Example))
            .Refuses(ProblemTypes.NotFound);
    }
}

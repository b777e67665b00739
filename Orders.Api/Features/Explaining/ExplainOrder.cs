using Meilisearch;
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
    public static async Task<IResult> Handle(
        string id, Caller caller, OrderReader orders, OrderExplainer explainer, CancellationToken cancel)
    {
        if (await BehindTheScenes.RefuseAsync(id, caller, orders, cancel) is { } refusal) return refusal;
        return await explainer.ExplainAsync(id, cancel) is { } explanation ? TypedResults.Ok(explanation) : GetOrder.NotFound(id);
    }
}

/// <summary><c>POST /v1/orders/{id}/heal</c>: rebuilds whatever disagrees with the order's history.</summary>
internal static class HealOrder
{
    public static async Task<IResult> Handle(string id, Caller caller, OrderReader orders, OrderHealer healer, CancellationToken cancel)
    {
        if (await BehindTheScenes.RefuseAsync(id, caller, orders, cancel) is { } refusal) return refusal;
        try
        {
            return await healer.HealAsync(id, cancel) is { } healing ? TypedResults.Ok(healing) : GetOrder.NotFound(id);
        }
        catch (Exception error) when (error is MeilisearchCommunicationError or HttpRequestException or MeilisearchTimeoutError)
        {
            return Problems.Of(ProblemTypes.SearchUnavailable, "its document could not be removed; heal again when search answers");
        }
    }
}

/// <summary>What goes on behind an order is the shop's: customers are told so for their own orders, and nothing of others'.</summary>
internal static class BehindTheScenes
{
    public static async Task<IResult?> RefuseAsync(string id, Caller caller, OrderReader orders, CancellationToken cancel)
    {
        if (!OrderIds.IsId(id)) return GetOrder.NotFound(id);
        if (caller.CustomerId is null) return null;
        return await orders.GetAsync(id, caller, cancel) is null
            ? GetOrder.NotFound(id)
            : new OrderError.NotForCustomers("look behind orders").ToProblem();
    }
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
        orders.MapGet("/{id}/explain", ExplainOrder.Handle).RequireScope(Scopes.OrdersRead)
            .Describe("Explain an order",
                "Its timeline, every event with its place in outbox, change feed and Kafka, and what the rows, the "
                + "search index and the cache say, with whether all of it agrees. What is still on its way does not disagree.")
            .Replies(200, "All that is known.", Example)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.NotForCustomers);
        orders.MapPost("/{id}/heal", HealOrder.Handle).RequireScope(Scopes.OrdersWrite)
            .Describe("Heal an order", "Rebuilds what disagrees with the order's history: rows, cache entry, search document. The document "
                + "takes the way of every event, so ask for the explanation again a moment later. Nothing is done when all agree.")
            .Replies(200, "What was found and done.", new Healing(["search"], Example))
            .Refuses(ProblemTypes.NotFound, ProblemTypes.NotForCustomers, ProblemTypes.SearchUnavailable);
    }
}

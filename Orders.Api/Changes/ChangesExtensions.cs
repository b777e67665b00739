using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Changes;

internal static class ChangesExtensions
{
    private const string Types = "Changes of these types only; several parameters, or one with commas.";

    public static void AddChanges(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ChangeOptions>()
            .BindConfiguration(ChangeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ChangeMetrics>();
        builder.Services.AddSingleton<ChangeStore>();
        builder.Services.AddSingleton<ChangeFeed>();
        builder.Services.AddHostedService<ChangeListener>();
    }

    public static void MapChanges(this RouteGroupBuilder all)
    {
        var orders = all.MapGroup("").RequireScope(Scopes.OrdersRead);
        orders.MapGet("/changes", ReadChanges.Handle).DisableRequestTimeout()
            .Describe("Follow the changes of all orders",
                "Every change in the order in which it was committed, numbered 1, 2, 3 ... without "
                + "a gap: who has read up to a position has missed nothing before it. Go on with `after` = `next_after`. With `wait` an "
                + "empty page is held back until there is something. A key that is bound to a customer gets that customer's changes; "
                + "`next_after` moves over the others.")
            .Query("after", Values.Whole(0, long.MaxValue), "The position after which to go on; at most the newest one. Without it: the "
                + "oldest change that is kept.", 0)
            .Query("limit", Values.Whole(1, ApiLimits.PageSizeMax, ApiLimits.PageSizeDefault), "Changes of one page.", 20)
            .Query("wait", Values.Whole(0, ReadChanges.WaitSecondsMax, 0), "Seconds to wait for the first change.", 0)
            .Query("types", Values.OneOf(OrderEventTypes.All).Many(), Types, (string[])[OrderEventTypes.Placed])
            .Replies(200, "Some changes, or none.", new Page([new(1, OrderEventTypes.Placed, Examples.At, Examples.Order)], 1, 1),
                CommonHeaders.ETag)
            .Conditional()
            .Refuses(ProblemTypes.PositionGone, ProblemTypes.TooManyFollowers);
        orders.MapGet("/stream", StreamChanges.Handle).DisableRequestTimeout()
            .Describe("Stream the changes of all orders",
                "Server-sent events: `id` is the position, `event` the type, `data` an item of the "
                + "change feed. Begins now, or after `Last-Event-ID` or `after`; after a break it goes on without missing any. A stream "
                + "without changes sends comments.")
            .Query("after", Values.Whole(0, long.MaxValue), "The position after which to begin.")
            .Query("types", Values.OneOf(OrderEventTypes.All).Many(), Types, (string[])[OrderEventTypes.Placed])
            .Header("Last-Event-ID", Values.Whole(0, long.MaxValue), "As `after`; browsers send it by themselves when they come back.")
            .RepliesText("text/event-stream", "Events, for as long as the caller stays.",
                "retry: 1000\nid: 0\n\nid: 1\nevent: orders.placed\ndata: {\"position\":1,\"type\":\"orders.placed\", ...}\n\n")
            .Refuses(ProblemTypes.PositionGone, ProblemTypes.TooManyFollowers);
    }

    /// <summary>A reply as the documentation shows it; what is answered are bytes.</summary>
    private sealed record Page(IReadOnlyList<Item> Items, long NextAfter, long Newest);

    /// <inheritdoc cref="Page"/>
    private sealed record Item(long Position, string Type, DateTimeOffset At, OrderState Order);
}

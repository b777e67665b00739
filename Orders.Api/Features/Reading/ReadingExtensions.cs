using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Features.Changing;
using Orders.Api.Features.Searching;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Reading;

internal static class ReadingExtensions
{
    public static void AddReading(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ReadingOptions>()
            .BindConfiguration(ReadingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderReader>();
    }

    public static void MapReading(this RouteGroupBuilder all)
    {
        var orders = all.MapGroup("").RequireScope(Scopes.OrdersRead);
        orders.MapGet("", ListOrders.Handle)
            .Describe("List orders", "Straight from the database, page by page: a page goes on exactly where the last one ended. All "
                + "filters that are given must hold. A parameter that is not one of these is refused.")
            .Paged()
            .Filtered()
            .Query("sort", Values.OneOf(OrderSort.Names, OrderSort.Names[0]), "A leading - sorts downwards.", "-total")
            .Replies(200, "One page.", new Page<OrderState>([Examples.Order], Examples.Cursor), CommonHeaders.ETag)
            .Conditional()
            .Refuses(ProblemTypes.ListTooSlow);
        orders.MapGet("/search", SearchOrders.Handle).DescribeSearch();
        orders.MapGet("/{id}", GetOrder.Handle)
            .Describe("Read an order", "Through the cache; never older than the last reply to a change of it. With `version` or `as_of` "
                + "the order as it was.")
            .Query("version", Values.Whole(1, int.MaxValue), "The order at this version.")
            .Query("as_of", Values.Instant(), "The order at this instant.")
            .Replies(200, "The order.", Examples.Order, CommonHeaders.ETag)
            .Conditional()
            .Refuses(ProblemTypes.NotFound);
        orders.MapGet("/{id}/history", OrderHistory.Handle)
            .Describe("List what happened to an order", "Oldest first. The order at each of these versions: `/v1/orders/{id}?version=`.")
            .Paged()
            .Replies(200, "One page.", new Page<OrderHistory.Entry>([new(1, "orders.placed", "placed", Examples.At, null)], null),
                CommonHeaders.ETag)
            .Conditional()
            .Refuses(ProblemTypes.NotFound);
        orders.MapGet("/{id}/refunds", ListRefunds.Handle)
            .Describe("List an order's refunds", "Oldest first, all of them.")
            .Replies(200, "The ledger.", new Page<RefundState>([Examples.Refund], null), CommonHeaders.ETag)
            .Conditional()
            .Refuses(ProblemTypes.NotFound);
        orders.MapGet("/{id}/refunds/{refund}", ListRefunds.HandleOne)
            .Describe("Read a refund", "One entry of the ledger.", "getRefund")
            .Route("refund", Values.Text(64), "The refund's id.", Examples.Refund.Id)
            .Replies(200, "The refund.", Examples.Refund, CommonHeaders.ETag)
            .Conditional()
            .Refuses(ProblemTypes.NotFound);
    }
}

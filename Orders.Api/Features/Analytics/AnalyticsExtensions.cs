using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Http;

namespace Orders.Api.Features.Analytics;

internal static class AnalyticsExtensions
{
    public static void AddAnalytics(this IHostApplicationBuilder builder) =>
        builder.Services.AddOptions<AnalyticsOptions>()
            .BindConfiguration(AnalyticsOptions.Section).ValidateDataAnnotations().ValidateOnStart();

    public static void MapAnalytics(this WebApplication app)
    {
        var day = Examples.At.Date;
        app.MapGroup("/v1/analytics").WithTags("Analytics").RequireScope(Scopes.OrdersRead)
            .MapGet("/orders", SumOrders.Handle)
            .Describe("Sum orders over time", "Orders by the hour, day or month (UTC) in which they were placed, as they stand now. A "
                + "moment behind the orders themselves: `last_event_at` is the newest change that is counted. `revenue` is what orders "
                + "cost, cancelled and failed ones included; those are counted in `cancelled` and `cancelled_amount` as well. "
                + "`net_revenue` is what is kept: less refunds and what is owed, nothing of cancelled and failed orders. By category "
                + "and product it is what their lines cost, and shipping, tax and refunds, which belong to no line, are absent. A bound "
                + "key gets the sums of its customer's orders.", "sumOrders")
            .Query("by", Values.OneOf(SumOrders.Dimensions), "A row for each value of this; otherwise one for everything.", "status")
            .Query("value", Values.Text(200), "This value of `by` alone.")
            .Query("grain", Values.OneOf(Grain.Names, "day"), "How long a bucket is.")
            .Query("from", Values.Instant(), "The bucket of this instant is the first. Without it: 48 hours, 30 days or 12 months.")
            .Query("to", Values.Instant(), "Buckets that begin before this instant. Without it: up to now.")
            .Replies(200, "The sums.", new SumOrders.Reply("status", "day", new DateTimeOffset(day, TimeSpan.Zero),
                new DateTimeOffset(day.AddDays(1), TimeSpan.Zero), Examples.At,
                [new(new DateTimeOffset(day, TimeSpan.Zero), "EUR", "placed", 1, 2, 45.93m, 0m, 5.95m, 7.97m, 0m, 0, 0m, 45.93m)]))
            .Refuses(ProblemTypes.ListTooSlow);
    }
}

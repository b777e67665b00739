using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Analytics;

/// <summary>
/// <c>GET /v1/analytics/orders</c>: what was ordered in each hour, day or month, for how much. From the rollups; for a key that is bound
/// to a customer, counted from that customer's facts.
/// </summary>
internal static class SumOrders
{
    public static readonly string[] Dimensions = ["status", "category", "product", "district", "channel", "segment"];

    /// <summary>Measures of one bucket, currency and value. Amounts by category and product are those of the lines.</summary>
    public sealed record Sum(
        DateTimeOffset Bucket, string Currency, string? Value, long Orders, long Items, decimal Revenue, decimal Discount,
        decimal? Shipping, decimal? Tax, decimal? Refunded, long Cancelled, decimal CancelledAmount, decimal NetRevenue);

    /// <param name="By">What the values are; absent: sums of everything.</param>
    /// <param name="Grain">hour, day or month, in UTC.</param>
    /// <param name="From">Where the first bucket begins.</param>
    /// <param name="To">Where the last bucket ends.</param>
    /// <param name="LastEventAt">The newest change that is counted; absent before the first one.</param>
    /// <param name="Sums">By time, currency and value; buckets without orders are absent.</param>
    public sealed record Reply(
        string? By, string Grain, DateTimeOffset From, DateTimeOffset To, DateTimeOffset? LastEventAt, IReadOnlyList<Sum> Sums);

    private const string Measures = """
        sum(orders)::bigint, sum(items)::bigint, sum(revenue), sum(discount), sum(shipping), sum(tax), sum(refunded),
            sum(cancelled)::bigint, sum(cancelled_amount), sum(net_revenue)
        """;

    public static async Task<IResult> Handle(
        string? by, string? grain, string? from, string? to, string? value, Caller caller, NpgsqlDataSource database,
        IOptions<AnalyticsOptions> options, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        if (by is not null) check.OneOf("by", by, Dimensions);
        if (grain is not null) check.OneOf("grain", grain, Grain.Names);
        if (value is not null && check.Text("value", value) && by is null) check.Fail("value", "needs by");
        var (since, until) = (check.Instant("from", from), check.Instant("to", to));
        if (check.Failed) return check.Problem;
        var size = new Grain(grain ?? "day");
        var end = size.Ceiling(until ?? time.GetUtcNow());
        var start = since is { } begin ? size.Floor(begin) : size.Add(end, -size.Usual);
        if (start >= end) check.Fail("from", "must be before to");
        else if (size.Add(start, options.Value.BucketsMax) < end)
            check.Fail("from", string.Create(
                CultureInfo.InvariantCulture, $"must be at most {options.Value.BucketsMax} {size.Name}s before to"));
        if (check.Failed) return check.Problem;

        await using var command = database.CreateCommand(Select(by, value, caller));
        command.CommandTimeout = (int)Math.Ceiling(options.Value.Timeout.TotalSeconds);
        command.With(
            Sql.Text(by ?? "status"), Sql.Text(size.Name), Sql.Instant(start), Sql.Instant(end), Sql.Whole(options.Value.RowsMax + 1));
        if (value is not null) command.With(Sql.Text(value));
        if (caller.CustomerId is { } own) command.With(Sql.Text(own));
        try
        {
            var reply = new Reply(by, size.Name, start, end, await LastEventAsync(database, cancel), await ReadAsync(command, by, cancel));
            if (reply.Sums.Count <= options.Value.RowsMax) return TypedResults.Ok(reply);
            check.Fail("from", string.Create(CultureInfo.InvariantCulture,
                $"the reply would have more than {options.Value.RowsMax} rows: ask for less time, a longer grain or one value"));
            return check.Problem;
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            return Problems.Of(ProblemTypes.ListTooSlow, string.Create(CultureInfo.InvariantCulture,
                $"given up after {options.Value.Timeout.TotalSeconds:0.#} s: ask for less time"));
        }
    }

    private static string Select(string? by, string? value, Caller caller)
    {
        var shown = by is null ? "null" : "value";
        var wanted = value is null ? "" : " and value = $6";
        var rows = caller.CustomerId is null
            ? "analytics.rollups where dimension = $1 and grain = $2 and bucket >= $3 and bucket < $4 and orders > 0" + wanted
            : $"""
                (select c.*, date_trunc($2, placed_at, 'UTC') as bucket from analytics.contributions c
                where dimension = $1 and placed_at >= $3 and placed_at < $4{wanted} and order_id = any (array(
                    select order_id from analytics.order_facts where customer_id = {(value is null ? "$6" : "$7")}
                        and placed_at >= $3 and placed_at < $4))) own
                """;
        return $"select bucket, currency, {shown} as shown, {Measures} from {rows} group by 1, 2, 3 order by 1, 2, 3 limit $5";
    }

    private static async Task<List<Sum>> ReadAsync(NpgsqlCommand command, string? by, CancellationToken cancel)
    {
        var ofLines = by is "category" or "product";
        await using var row = await command.ExecuteReaderAsync(cancel);
        var sums = new List<Sum>();
        while (await row.ReadAsync(cancel)) sums.Add(Read(row, ofLines));
        return sums;
    }

    private static Sum Read(NpgsqlDataReader row, bool ofLines) => new(
        row.GetFieldValue<DateTimeOffset>(0), row.GetString(1), row.TextOrNull(2), row.GetInt64(3), row.GetInt64(4), row.GetDecimal(5),
        row.GetDecimal(6), ofLines ? null : row.GetDecimal(7), ofLines ? null : row.GetDecimal(8), ofLines ? null : row.GetDecimal(9),
        row.GetInt64(10), row.GetDecimal(11), row.GetDecimal(12));

    private static async Task<DateTimeOffset?> LastEventAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select max(last_event_at) from analytics.offsets");
        return await command.ExecuteScalarAsync(cancel) is DateTime at ? new DateTimeOffset(at) : null;
    }
}

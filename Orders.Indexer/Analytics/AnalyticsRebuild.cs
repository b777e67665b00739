using Microsoft.Extensions.Options;
using Npgsql;

namespace Orders.Indexer.Analytics;

/// <summary>How far a rebuild has come; handed back, it goes on from there.</summary>
/// <param name="Phase"><c>customers</c>, <c>orders</c>, <c>strangers</c>, <c>rollups</c>, <c>done</c>.</param>
/// <param name="After">In <c>orders</c> the last order id that was written, in <c>strangers</c> the last one looked at, in
/// <c>rollups</c> the last month, <c>yyyy-MM</c>.</param>
/// <param name="Orders">Orders written so far.</param>
/// <param name="Removed">Orders that no table knows and that were taken out.</param>
/// <param name="Total">Orders that there were to write when it began.</param>
internal sealed record AnalyticsRebuildProgress(string Phase, string After, long Orders, long Removed, long Total = 0)
{
    public static AnalyticsRebuildProgress Start { get; } = new("customers", "", 0, 0);
}

/// <summary>
/// Makes facts and rollups anew from the tables of the orders, page by page, while the stream goes on: each page is written like
/// events that have just come, an order that the stream knows better stays, and a month's rollups are counted again from the facts in one
/// transaction. Ends equal to the tables, whatever stood in the facts before; repeating a page does no harm.
/// </summary>
internal sealed class AnalyticsRebuild(NpgsqlDataSource database, IOptions<AnalyticsOptions> options)
{
    private readonly Rollups _rollups = new(database, options);

    /// <param name="from">Where an earlier run has ended; <see cref="AnalyticsRebuildProgress.Start"/> for a whole one.</param>
    /// <param name="report">Called after every page that is durable.</param>
    /// <param name="cancel">Stops between two pages or within one, which is then as if it had not begun.</param>
    public async Task<AnalyticsRebuildProgress> RunAsync(
        AnalyticsRebuildProgress from, Func<AnalyticsRebuildProgress, Task> report, CancellationToken cancel)
    {
        var state = from;
        while (state.Phase != "done")
        {
            state = state.Phase switch
            {
                "customers" => await ClearCustomersAsync(state, cancel),
                "orders" => await WriteOrdersAsync(state, cancel),
                "strangers" => await RemoveStrangersAsync(state, cancel),
                "rollups" => await RecountAsync(state, cancel),
                _ => throw new ArgumentException($"'{state.Phase}' is no phase of a rebuild", nameof(from)),
            };
            await report(state);
        }

        return state;
    }

    /// <summary>A first order that is no order of the customer's would stay the first for ever; the orders will tell anew.</summary>
    private async Task<AnalyticsRebuildProgress> ClearCustomersAsync(AnalyticsRebuildProgress state, CancellationToken cancel)
    {
        await using var clear = Command(
            """
            delete from analytics.customer_facts k where not exists (select from analytics.order_facts f
                where f.order_id = k.first_order_id and f.customer_id = k.customer_id and f.placed_at = k.first_placed_at)
            """);
        await clear.ExecuteNonQueryAsync(cancel);
        await using var count = Command("select count(*) from orders");
        return state with { Phase = "orders", After = "", Total = (long)(await count.ExecuteScalarAsync(cancel))! };
    }

    private async Task<AnalyticsRebuildProgress> WriteOrdersAsync(AnalyticsRebuildProgress state, CancellationToken cancel)
    {
        var size = options.Value.RebuildOrdersMax;
        await using var page = Command(
            """
            select analytics.rebuild($1, $2), (select count(*) from (select from orders where id > $1 order by id limit $2) page)
            """,
            state.After, size);
        await using var row = await page.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return await row.IsDBNullAsync(0, cancel)
            ? state with { Phase = "strangers", After = "" }
            : state with { After = row.GetString(0), Orders = state.Orders + row.GetInt64(1) };
    }

    /// <summary>An order is in its tables before its event is anywhere, so whatever they lack never was.</summary>
    private async Task<AnalyticsRebuildProgress> RemoveStrangersAsync(AnalyticsRebuildProgress state, CancellationToken cancel)
    {
        await using var look = Command(
            """
            select f.order_id, exists (select from orders o where o.id = f.order_id)
            from analytics.order_facts f where f.order_id > $1 order by f.order_id limit $2
            """,
            state.After, options.Value.RebuildOrdersMax);
        var (last, strangers) = ((string?)null, new List<string>());
        await using (var rows = await look.ExecuteReaderAsync(cancel))
        {
            while (await rows.ReadAsync(cancel))
            {
                last = rows.GetString(0);
                if (!rows.GetBoolean(1)) strangers.Add(last);
            }
        }

        if (last is null) return state with { Phase = "rollups", After = "" };
        if (strangers.Count > 0)
        {
            await using var forget = Command("select analytics.forget($1)", (object)strangers.ToArray());
            await forget.ExecuteNonQueryAsync(cancel);
        }

        return state with { After = last, Removed = state.Removed + strangers.Count };
    }

    /// <summary>The months that have orders and those that have rollups, one after the other.</summary>
    private async Task<AnalyticsRebuildProgress> RecountAsync(AnalyticsRebuildProgress state, CancellationToken cancel)
    {
        var month = await _rollups.NextAsync(state.After.Length == 0 ? null : state.After, cancel);
        if (month is null) return state with { Phase = "done", After = "" };
        await _rollups.RecountAsync(month, cancel);
        return state with { After = month };
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> arguments)
    {
        var command = database.CreateCommand(sql);
        command.CommandTimeout = AnalyticsStore.Seconds(options.Value.Timeout);
        foreach (var argument in arguments) command.Parameters.Add(new() { Value = argument });
        return command;
    }
}

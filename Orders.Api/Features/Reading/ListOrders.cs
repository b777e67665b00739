using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Reading;

/// <summary><c>GET /v1/orders</c>: filtered, sorted, page by page, straight from the database.</summary>
internal static class ListOrders
{
    public static async Task<IResult> Handle(
        HttpRequest request, string? limit, string? cursor, string? sort, Caller caller, NpgsqlDataSource database,
        IOptions<ReadingOptions> options, CancellationToken cancel)
    {
        var check = new Check();
        var filter = OrderFilter.Read(request.Query, caller, check, "limit", "cursor", "sort");
        var size = Paging.Limit(limit, check);
        var order = OrderSort.Read(sort, check);
        var fingerprint = filter.Fingerprint();
        var from = order.Position(cursor, fingerprint, check);
        if (check.Failed) return check.Problem;

        await using var command = database.CreateCommand(Select(filter, order, from is not null));
        command.CommandTimeout = (int)Math.Ceiling(options.Value.ListTimeout.TotalSeconds);
        command.With([.. filter.ToParameters(), Sql.Whole(size + 1), .. from ?? []]);
        try
        {
            return await ReadAsync(command, size, row => order.CursorOf(row, 3, 1, fingerprint), cancel);
        }
        catch (NpgsqlException error) when (error.InnerException is TimeoutException)
        {
            return Problems.Of(ProblemTypes.ListTooSlow, string.Create(CultureInfo.InvariantCulture,
                $"given up after {options.Value.ListTimeout.TotalSeconds:0.#} s: narrow the filter, or sort by placed_at"));
        }
    }

    private static async Task<IResult> ReadAsync(
        NpgsqlCommand command, int size, Func<NpgsqlDataReader, string> cursorOf, CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var page = new OrderPage(size);
        string? last = null;
        while (await rows.ReadAsync(cancel))
        {
            if (page.IsFull) page.NextCursor = last;
            else Add(page, rows);
            if (page.IsFull && page.NextCursor is null) last = cursorOf(rows);
        }

        return page;
    }

    private static void Add(OrderPage page, NpgsqlDataReader row) =>
        page.Add(row.GetString(1), row.GetInt32(2), row.GetFieldValue<byte[]>(0));

    /// <summary>
    /// The page is chosen from <c>orders</c> alone; only its rows are looked up in the history, where the states are. Several statuses
    /// in the order of placing are read one by one and merged: the work of each is bounded by the page, where one pass over the index
    /// would go through all the delivered orders to find the open ones.
    /// </summary>
    private static string Select(OrderFilter filter, OrderSort sort, bool goesOn)
    {
        var (limit, after) = (filter.Count + 1, goesOn ? " and " + sort.After(filter.Count + 2) : "");
        var merge = filter.Statuses.Count > 1 && sort.Field == "placed_at";
        var page = $"""
            select o.id, o.version, o.{sort.Field} as sorted_by from orders o
            where {(merge ? "o.status = wanted.status and " + filter.WhereOfAnyStatus : filter.Where)}{after}
            order by {sort.By("o")} limit ${limit}
            """;
        if (merge)
        {
            page = $"""
                select one.* from unnest({filter.StatusesParameter}) wanted (status)
                cross join lateral ({page}) one order by {sort.By("one", "sorted_by")} limit ${limit}
                """;
        }

        return $"""
            select h.state, p.id, p.version, p.sorted_by from ({page}) p
            join order_history h on h.order_id = p.id and h.version = p.version order by {sort.By("p", "sorted_by")}
            """;
    }
}

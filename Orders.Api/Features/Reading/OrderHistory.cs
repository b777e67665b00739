using Npgsql;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Reading;

/// <summary>
/// <c>GET /v1/orders/{id}/history</c>: what happened to an order, oldest first. The order at each of these versions:
/// <c>/v1/orders/{id}?version=</c>.
/// </summary>
internal static class OrderHistory
{
    /// <param name="Version">The version that the change led to.</param>
    /// <param name="Type">What happened, e.g. <c>orders.paid</c>.</param>
    /// <param name="Status">The order's status after it.</param>
    /// <param name="At">When it happened.</param>
    /// <param name="Reason">Why, if somebody said so.</param>
    public sealed record Entry(int Version, string Type, string Status, DateTimeOffset At, string? Reason);

    public static async Task<IResult> Handle(
        string id, string? limit, string? cursor, Caller caller, OrderReader reader, NpgsqlDataSource database, CancellationToken cancel)
    {
        if (!OrderIds.IsId(id)) return GetOrder.NotFound(id);
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = 0;
        if (Paging.Parts(cursor, 1, check) is [var last] && !int.TryParse(last, out after)) check.Fail("cursor",
            "is not a cursor of this list");
        if (check.Failed) return check.Problem;
        if (await reader.GetAsync(id, caller, cancel) is null) return GetOrder.NotFound(id);

        var entries = await ReadAsync(database, id, after, size + 1, cancel);
        return TaggedReply.Of(entries.ToPage(size, entry => Paging.Cursor(FormattableString.Invariant($"{entry.Version}"))));
    }

    private static async Task<List<Entry>> ReadAsync(NpgsqlDataSource database, string id, int after, int count, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            select version, type, status, at, reason from order_history
            where order_id = $1 and version > $2 order by version limit $3
            """);
        command.With(Sql.Text(id), Sql.Whole(after), Sql.Whole(count));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var entries = new List<Entry>();
        while (await rows.ReadAsync(cancel)) entries.Add(Read(rows));
        return entries;
    }

    private static Entry Read(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.TextOrNull(4));
}

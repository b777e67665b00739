using System.Globalization;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features.Reading;

/// <summary><c>GET /v1/orders</c>: newest first, page by page, straight from the database.</summary>
internal static class ListOrders
{
    private const string Select = """
        select h.state, o.placed_at, o.id from orders o join order_history h on h.order_id = o.id and h.version = o.version
        where ($1::text is null or o.status = $1) and ($2::text is null or o.customer_id = $2)
            and ($3::timestamptz is null or (o.placed_at, o.id) < ($3, $4))
        order by o.placed_at desc, o.id desc limit $5
        """;

    public static async Task<IResult> Handle(
        NpgsqlDataSource database, Caller caller, string? limit, string? cursor, string? status, string? customer_id,
            CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var from = Position(cursor, check);
        if (status is not null) check.OneOf("status", status, OrderStatuses.All);
        if (customer_id is not null) check.Text("customer_id", customer_id, max: 64);
        if (check.Failed) return check.Problem;
        if (customer_id is not null && !caller.MaySee(customer_id)) return TypedResults.Ok(new Page<OrderState>([], null));

        await using var command = database.CreateCommand(Select);
        command.With(
            Sql.Text(status), Sql.Text(customer_id ?? caller.CustomerId), Sql.Instant(from?.At), Sql.Text(from?.Id), Sql.Whole(size + 1));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var found = new List<(OrderState Order, string Cursor)>();
        while (await rows.ReadAsync(cancel)) found.Add(Read(rows));
        var page = found.ToPage(size, entry => entry.Cursor);
        return TypedResults.Ok(new Page<OrderState>([.. page.Items.Select(entry => entry.Order)], page.NextCursor));
    }

    private static (OrderState Order, string Cursor) Read(NpgsqlDataReader row) =>
        (OrderBytes.Read(row.GetFieldValue<byte[]>(0)), CursorOf(row.GetFieldValue<DateTimeOffset>(1), row.GetString(2)));

    private static string CursorOf(DateTimeOffset placedAt, string id) =>
        Paging.Cursor(placedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), id);

    private static (DateTimeOffset At, string Id)? Position(string? cursor, Check check)
    {
        if (Paging.Parts(cursor, 2, check) is not [var ticks, var id]) return null;
        if (long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && at <= DateTimeOffset.MaxValue.UtcTicks && OrderIds.IsId(id))
            return (new DateTimeOffset(at, TimeSpan.Zero), id);
        check.Fail("cursor", "is not a cursor of this list");
        return null;
    }
}

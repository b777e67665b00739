using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.Features;

/// <summary><c>GET /v1/orders</c>: newest first, page by page, straight from the database.</summary>
internal static class ListOrders
{
    public static async Task<IResult> Handle(
        OrdersDbContext db, string? limit, string? cursor, string? status, string? customer_id, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var from = Position(cursor, check);
        var query = db.Orders.AsNoTracking().Include(o => o.Items).AsSplitQuery();
        if (status is not null)
        {
            if (OrderStatuses.TryParse(status, out var wanted)) query = query.Where(o => o.Status == wanted);
            else check.Fail("status", "must be one of " + string.Join(", ", OrderStatuses.All));
        }

        if (customer_id is not null && check.Text("customer_id", customer_id, max: 64))
            query = query.Where(o => o.Customer.Id == customer_id);
        if (check.Failed) return check.Problem;

        if (from is { } position)
            query = query.Where(o =>
                EF.Functions.LessThan(ValueTuple.Create(o.PlacedAt, o.Id), ValueTuple.Create(position.At, position.Id)));
        var rows = await query.OrderByDescending(o => o.PlacedAt).ThenByDescending(o => o.Id).Take(size + 1).ToListAsync(cancel);
        var page = rows.ToPage(size, CursorOf);
        return TypedResults.Ok(new Page<OrderState>([.. page.Items.Select(order => order.ToState())], page.NextCursor));
    }

    private static string CursorOf(Order order) =>
        Paging.Cursor(order.PlacedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), order.Id);

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

using Microsoft.EntityFrameworkCore;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Access.Administration;

/// <summary><c>GET /v1/keys</c>: by id, page by page, revoked ones too.</summary>
internal static class ListKeys
{
    public static async Task<IResult> Handle(OrdersDbContext db, string? limit, string? cursor, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        if (check.Failed) return check.Problem;

        var query = db.Keys.AsNoTracking();
        if (after is [var last]) query = query.Where(k => string.Compare(k.Id, last) > 0);
        var rows = await query.OrderBy(k => k.Id).Take(size + 1).ToListAsync(cancel);
        var page = rows.ToPage(size, key => Paging.Cursor(key.Id));
        return TypedResults.Ok(new Page<KeyState>([.. page.Items.Select(key => KeyState.Of(key))], page.NextCursor));
    }
}

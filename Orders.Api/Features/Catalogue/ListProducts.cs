using Microsoft.EntityFrameworkCore;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>GET /v1/products</c>: by id, page by page.</summary>
internal static class ListProducts
{
    public static async Task<IResult> Handle(
        OrdersDbContext db, string? limit, string? cursor, string? active, string? category, CancellationToken cancel)
    {
        var check = new Check();
        var size = Paging.Limit(limit, check);
        var after = Paging.Parts(cursor, 1, check);
        var query = db.Products.AsNoTracking();
        if (active is not null)
        {
            if (bool.TryParse(active, out var wanted)) query = query.Where(p => p.Active == wanted);
            else check.Fail("active", "must be true or false");
        }

        if (category is not null && check.Text("category", category)) query = query.Where(p => p.Category == category);
        if (check.Failed) return check.Problem;

        if (after is [var last]) query = query.Where(p => string.Compare(p.Id, last) > 0);
        var rows = await query.OrderBy(p => p.Id).Take(size + 1).ToListAsync(cancel);
        return TypedResults.Ok(rows.ToPage(size, product => Paging.Cursor(product.Id)));
    }
}

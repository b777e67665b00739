using Microsoft.EntityFrameworkCore;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>GET /v1/products/{id}</c>: 304 when <c>If-None-Match</c> names its tag.</summary>
internal static class GetProduct
{
    public static async Task<IResult> Handle(string id, OrdersDbContext db, CancellationToken cancel) =>
        id.Contains('\0') || await db.Products.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } product
            ? Products.NotFound(id)
            : new ProductReply(product);
}

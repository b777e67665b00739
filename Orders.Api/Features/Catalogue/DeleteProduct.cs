using Microsoft.EntityFrameworkCore;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>DELETE /v1/products/{id}</c>: removes a product from the catalogue. Orders that were placed keep what they copied.</summary>
internal static class DeleteProduct
{
    public static async Task<IResult> Handle(string id, OrdersDbContext db, CancellationToken cancel) =>
        !id.Contains('\0') && await db.Products.Where(p => p.Id == id).ExecuteDeleteAsync(cancel) > 0
            ? TypedResults.NoContent()
            : Products.NotFound(id);
}

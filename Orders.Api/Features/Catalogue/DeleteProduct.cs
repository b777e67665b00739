using Orders.Api.Domain;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>DELETE /v1/products/{id}</c>: takes a product out of the catalogue. Placed orders keep what they copied.</summary>
internal static class DeleteProduct
{
    public static async Task<IResult> Handle(string id, ProductCondition condition, OrdersDbContext db, CancellationToken cancel)
    {
        if (id.Contains('\0')) return Products.NotFound(id);
        return await db.EditAsync<Product, IResult>($"select * from products where id = {id} for update", (product, _) =>
        {
            if (!condition.Holds(product, setsStock: false)) return ProductCondition.Failed(product);
            db.Remove(product);
            return TypedResults.NoContent();
        }, () => Products.NotFound(id), cancel);
    }
}

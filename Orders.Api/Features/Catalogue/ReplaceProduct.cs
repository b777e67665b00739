using Microsoft.EntityFrameworkCore;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>PUT /v1/products/{id}</c>: replaces a product. Orders that were placed keep what they copied.</summary>
internal static class ReplaceProduct
{
    public static async Task<IResult> Handle(
        string id, JsonBody<ProductBody> body, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        body.Value.Validate(check);
        if (body.Value.Id is not null && body.Value.Id != id) check.Fail("id", "must be the id in the path");
        if (check.Failed) return check.Problem;

        if (id.Contains('\0') || await db.Products.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } product)
            return Products.NotFound(id);
        db.Entry(product).CurrentValues.SetValues(body.Value.ToProduct(id, product.CreatedAt, time.GetUtcNow()));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (error.ViolatedConstraint() == "products_sku")
        {
            return Products.SkuTaken(product.Sku);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Deleted since it was read.
            return Products.NotFound(id);
        }

        return TypedResults.Ok(product);
    }
}

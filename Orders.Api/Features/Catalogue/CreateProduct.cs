using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>POST /v1/products</c>: adds a product. 409 when its sku or id is taken.</summary>
internal static class CreateProduct
{
    public static async Task<IResult> Handle(JsonBody<ProductBody> body, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        body.Value.Validate(check);
        if (check.Failed) return check.Problem;

        var now = time.GetUtcNow();
        var product = body.Value.ToProduct(body.Value.Id ?? ProductBody.IdPrefix + Guid.CreateVersion7(now), now, now);
        db.Products.Add(product);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (error.ViolatedConstraint() == "products_sku")
        {
            return Products.SkuTaken(product.Sku);
        }
        catch (DbUpdateException error) when (error.ViolatedConstraint() == "products_pkey")
        {
            return Problems.Of(
                ProblemTypes.IdTaken, $"id: there is a product '{product.Id}'", new FieldError("id", "another product has it"));
        }

        return TypedResults.Created($"/v1/products/{Uri.EscapeDataString(product.Id)}", product);
    }
}

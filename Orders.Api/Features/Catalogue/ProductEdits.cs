using Microsoft.EntityFrameworkCore;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary>What PUT and PATCH share: from the product as it is to the product as it will be, under its lock.</summary>
internal static class ProductEdits
{
    /// <param name="db">The request's context.</param>
    /// <param name="id">The product.</param>
    /// <param name="setsStock">Whether the request names the stock; otherwise the column is not written.</param>
    /// <param name="condition">The request's <c>If-Match</c>.</param>
    /// <param name="next">The product as the request wants it, from what it is; null with the reasons.</param>
    /// <param name="now">The time of the change.</param>
    /// <param name="cancel">Cancels.</param>
    public static async Task<IResult> EditProductAsync(
        this OrdersDbContext db, string id, bool setsStock, ProductCondition condition, Func<ProductBody, Check, ProductBody?> next,
        DateTimeOffset now, CancellationToken cancel)
    {
        if (id.Contains('\0')) return Products.NotFound(id);
        ProductBody? wanted = null;
        try
        {
            return await db.EditAsync<Product, IResult>($"select * from products where id = {id} for update", (product, again) =>
            {
                var check = new Check();
                var current = ProductBody.Of(product);
                wanted = next(current, check);
                wanted?.Validate(check);
                if (wanted is not null && wanted.Id != id) check.Fail("id", "must be the id in the path");
                if (check.Failed) return check.Problem;

                // What an earlier attempt of this very request has stored needs no second look at the tag.
                var isDone = wanted == current;
                if (!(isDone && again) && !condition.Holds(product, setsStock)) return ProductCondition.Failed(product);
                if (!isDone) Change(db, product, wanted!, now);
                return new ProductReply(product);
            }, () => Products.NotFound(id), cancel);
        }
        catch (DbUpdateException error) when (error.ViolatedConstraint() == "products_sku")
        {
            return Products.SkuTaken(wanted!.Sku!);
        }
    }

    private static void Change(OrdersDbContext db, Product product, ProductBody wanted, DateTimeOffset now)
    {
        var (createdAt, version) = (product.CreatedAt, product.Version);
        var next = wanted.ToProduct(product.Id, now);
        var values = db.Entry(product).CurrentValues;
        values.SetValues(next);
        values[nameof(Product.CreatedAt)] = createdAt;
        values[nameof(Product.Version)] = version + 1;
    }
}

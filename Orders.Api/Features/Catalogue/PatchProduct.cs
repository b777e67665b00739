using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// <c>PATCH /v1/products/{id}</c>: a JSON merge patch. Only the named columns are written. Orders that were placed keep what they copied.
/// </summary>
internal static class PatchProduct
{
    public static Task<IResult> Handle(
        string id, MergePatch<ProductPatch> patch, ProductCondition condition, OrdersDbContext db, TimeProvider time,
        CancellationToken cancel) =>
        db.EditProductAsync(id, patch.Names("stock"), condition,
            (current, check) => patch.Apply(current, ProductBody.Removable, check), time.GetUtcNow(), cancel);
}

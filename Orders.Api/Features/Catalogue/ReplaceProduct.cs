using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// <c>PUT /v1/products/{id}</c>: replaces a product. Orders that were placed keep what they copied. Without <c>stock</c> the stock stays
/// what it is; with it, it is set, and <c>If-Match</c> makes sure that nobody has taken pieces since it was read.
/// </summary>
internal static class ReplaceProduct
{
    public static Task<IResult> Handle(
        string id, JsonBody<ProductBody> body, ProductCondition condition, OrdersDbContext db, TimeProvider time, CancellationToken cancel)
    {
        var sent = body.Value;
        return db.EditProductAsync(id, sent.Stock is not null, condition, (current, _) => sent with
        {
            Id = sent.Id ?? id,
            Description = sent.Description ?? "",
            Manufacturer = sent.Manufacturer ?? "",
            Stock = sent.Stock ?? current.Stock,
            Active = sent.Active ?? true,
            TaxClass = sent.TaxClass ?? TaxClasses.Standard,
        }, time.GetUtcNow(), cancel);
    }
}

using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Idempotency;

namespace Orders.Api.Features.Catalogue;

/// <summary><c>POST /v1/products</c>: adds a product. 409 when its sku or id is taken.</summary>
internal static class CreateProduct
{
    public static async Task<IResult> Handle(
        JsonBody<ProductBody> body, IdempotentRequest request, NewRows rows, TimeProvider time, CancellationToken cancel)
    {
        var check = new Check();
        body.Value.Validate(check);
        if (check.Failed) return check.Problem;

        var now = Order.Instant(time.GetUtcNow());
        var product = body.Value.ToProduct(body.Value.Id ?? OrderIds.NewId(ProductBody.IdPrefix, now), now);
        return await rows.CreateAsync(
            product, $"/v1/products/{Uri.EscapeDataString(product.Id)}", ProductTag.Of(product), "products_pkey", request,
            constraint => constraint switch
            {
                "products_sku" => Products.SkuTaken(product.Sku),
                "products_pkey" => Problems.Of(
                    ProblemTypes.IdTaken, $"id: there is a product '{product.Id}'", new FieldError("id", "another product has it")),
                _ => null,
            }, cancel);
    }
}

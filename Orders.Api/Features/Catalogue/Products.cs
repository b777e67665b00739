using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

internal static class Products
{
    public static void MapCatalogue(this WebApplication app)
    {
        var products = app.MapGroup("/v1/products").WithTags("Products").RequireScope(Scopes.CatalogWrite);
        products.MapPost("", CreateProduct.Handle);
        products.MapPost("/import", ImportProducts.Handle);
        products.MapGet("", ListProducts.Handle).RequireScope(null);
        products.MapGet("/{id}", GetProduct.Handle).RequireScope(null);
        products.MapPut("/{id}", ReplaceProduct.Handle);
        products.MapDelete("/{id}", DeleteProduct.Handle);
    }

    public static IResult NotFound(string id) => new OrderError.NotFound("product", id).ToProblem();

    public static IResult SkuTaken(string sku) => Problems.Of(
        StatusCodes.Status409Conflict, "sku_taken", "The sku is taken", $"sku: another product has '{sku}'",
            [new FieldError("sku", "another product has it")]);
}

/// <summary>A product as callers send it. The id may be left out when one is created.</summary>
internal sealed record ProductBody(
    string? Id, string? Sku, string? Name, string? Description, string? Category, string? Manufacturer,
    decimal? Price, string? Currency, decimal? Weight, int? Stock, bool? Active)
{
    public const string IdPrefix = "pro-";

    public void Validate(Check check, string at = "")
    {
        if (Id is not null) check.Text(at + "id", Id, max: 64);
        check.Text(at + "sku", Sku, max: 64);
        check.Text(at + "name", Name);
        if (Description is not null) check.Text(at + "description", Description, max: 4000, required: false);
        check.Text(at + "category", Category);
        if (Manufacturer is not null) check.Text(at + "manufacturer", Manufacturer, required: false);
        check.Decimals(at + "price", Price, 2, Product.PriceMax);
        if (Currency is not { Length: 3 } || !Currency.All(char.IsAsciiLetterUpper))
            check.Fail(at + "currency", "must be an ISO 4217 code such as EUR");
        check.Decimals(at + "weight", Weight, 3, Product.WeightMax);
        check.Range(at + "stock", Stock, 0, int.MaxValue);
    }

    public Product ToProduct(string id, DateTimeOffset createdAt, DateTimeOffset updatedAt) => new()
    {
        Id = id,
        Sku = Sku!,
        Name = Name!,
        Description = Description ?? "",
        Category = Category!,
        Manufacturer = Manufacturer ?? "",
        Price = Money.Round(Price!.Value),
        Currency = Currency!,
        Weight = Domain.Weight.Round(Weight!.Value),
        Stock = Stock!.Value,
        Active = Active ?? true,
        CreatedAt = createdAt,
        UpdatedAt = updatedAt,
    };
}

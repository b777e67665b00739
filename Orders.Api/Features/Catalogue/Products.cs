using System.ComponentModel.DataAnnotations;
using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

internal static class Products
{
    public static void MapCatalogue(this WebApplication app)
    {
        var products = app.MapGroup("/v1/products").WithTags("Products").RequireScope(Scopes.CatalogWrite)
            .Route("id", Values.Text(64), "The product's id.", Examples.ProductId);
        products.MapPost("", CreateProduct.Handle)
            .Describe("Create a product", "The id may be left out.")
            .Takes(ProductBody.Example)
            .Replies(201, "The product.", Examples.Product, CommonHeaders.Location)
            .Refuses(ProblemTypes.SkuTaken, ProblemTypes.IdTaken);
        products.MapPost("/import", ImportProducts.Handle)
            .Describe("Import products", $"1 to {ApiLimits.ImportRecordsMax} records, upserted by `id`; all of them or none.")
            .Takes((ProductBody[])[ProductBody.Example with { Id = Examples.ProductId }])
            .Replies(200, "How many were stored.", new ArrayImport.Reply(1))
            .Refuses(ProblemTypes.SkuTaken);
        products.MapGet("", ListProducts.Handle).RequireScope(null)
            .Describe("List products", "By id, page by page.")
            .Paged()
            .Query("active", Values.Flag(), "Products that can be ordered, or those that cannot.", true)
            .Query("category", Values.Text(200), "Products of this category only.", "hogar")
            .Replies(200, "One page.", new Page<Product>([Examples.Product], Examples.Cursor));
        products.MapGet("/{id}", GetProduct.Handle).RequireScope(null)
            .Describe("Read a product", "As it is now; orders keep what they copied.")
            .Replies(200, "The product.", Examples.Product)
            .Refuses(ProblemTypes.NotFound);
        products.MapPut("/{id}", ReplaceProduct.Handle)
            .Describe("Replace a product", "Orders that were placed keep what they copied.")
            .Takes(ProductBody.Example)
            .Replies(200, "The product as it is now.", Examples.Product)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.SkuTaken);
        products.MapDelete("/{id}", DeleteProduct.Handle)
            .Describe("Delete a product", "Orders that were placed keep what they copied.")
            .Replies(204, "It is gone.")
            .Refuses(ProblemTypes.NotFound);
    }

    public static IResult NotFound(string id) => new OrderError.NotFound("product", id).ToProblem();

    public static IResult SkuTaken(string sku) => Problems.Of(
        ProblemTypes.SkuTaken, $"sku: another product has '{sku}'", new FieldError("sku", "another product has it"));
}

/// <summary>A product as callers send it. The id may be left out when one is created.</summary>
internal sealed record ProductBody(
    [StringLength(64, MinimumLength = 1)] string? Id, [Required, StringLength(64)] string? Sku, [Required, StringLength(200)] string? Name,
    [StringLength(4000)] string? Description, [Required, StringLength(200)] string? Category, [StringLength(200)] string? Manufacturer,
    [Required, Decimals(2), Range(0, 999_999.99)] decimal? Price, [Required, RegularExpression("^[A-Z]{3}$")] string? Currency,
    [Required, Decimals(3), Range(0, 10_000)] decimal? Weight, [Required, Range(0, int.MaxValue)] int? Stock, bool? Active)
{
    public static readonly ProductBody Example = new(
        null, "LAMP-1", "Lámpara de mesa", "Latón, 40 cm", "hogar", "Luz", 19.99m, "EUR", 1.250m, 10, true);

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

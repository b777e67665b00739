using Orders.Api.Access;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Features.Imports;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

internal static class Products
{
    public static void AddCatalogue(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<CatalogueOptions>()
            .BindConfiguration(CatalogueOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<ImportOptions>()
            .BindConfiguration(ImportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<Importer>();
        builder.Services.AddScoped<NewRows>();
    }

    public static void MapCatalogue(this WebApplication app)
    {
        var products = app.MapGroup("/v1/products").WithTags("Products").RequireScope(Scopes.CatalogWrite)
            .Route("id", Values.Text(64), "The product's id.", Examples.ProductId);
        products.MapReading();
        products.MapPost("", CreateProduct.Handle)
            .Describe("Create a product", "The id may be left out. Without `stock` it has none.")
            .Takes(ProductBody.Example)
            .Replies(201, "The product.", Examples.Product, CommonHeaders.Location, Tag)
            .Refuses(ProblemTypes.SkuTaken, ProblemTypes.IdTaken);
        products.MapPost("/import", ImportProducts.Handle).DisableRequestTimeout()
            .Describe("Import products", "Upserted by `id`: a record replaces the whole product; without `stock` it leaves the stock "
                + "alone. " + Importer.Description)
            .Takes((ProductBody[])[ProductBody.Example with { Id = Examples.ProductId }])
            .TakesLines(Importer.Ndjson, Importer.Lines(ProductBody.Example with { Id = Examples.ProductId }))
            .Replies(200, "What became of the records.", ImportReport.Example)
            .Refuses(ProblemTypes.SkuTaken, ProblemTypes.Contended, ProblemTypes.ImportInterrupted);
        products.MapPut("/{id}", ReplaceProduct.Handle)
            .Describe("Replace a product", "Orders that were placed keep what they copied. Without `stock` the stock stays what it is.")
            .Takes(ProductBody.Example)
            .Replies(200, "The product as it is now.", Examples.Product, Tag)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.SkuTaken);
        products.MapPatch("/{id}", PatchProduct.Handle)
            .Describe("Change some of a product", "A JSON merge patch (RFC 7396): what is named is replaced, null removes, the rest "
                + "stays, also what others change at the same moment. Orders that were placed keep what they copied.")
            .Takes(ProductPatch.Example)
            .Replies(200, "The product as it is now.", Examples.Product, Tag)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.SkuTaken);
        products.MapDelete("/{id}", DeleteProduct.Handle)
            .Describe("Delete a product", "Orders that were placed keep what they copied.")
            .Replies(204, "It is gone.")
            .Refuses(ProblemTypes.NotFound);
        products.MapPost("/{id}/stock", ChangeStock.Handle)
            .Describe("Change a product's stock", "`change` adds pieces or takes them, `set` is what was counted: one of the two. "
                + "Atomic beside orders, never below zero. Send an `Idempotency-Key`: two changes of -3 are two changes.")
            .Takes(new ChangeStock.Request(-3, null))
            .Replies(200, "The stock as it is now.", new ChangeStock.StockReply(Examples.ProductId, 7), Tag)
            .Refuses(ProblemTypes.NotFound, ProblemTypes.OutOfStock, ProblemTypes.StockUnknown);
    }

    private static void MapReading(this RouteGroupBuilder products)
    {
        products.MapGet("", ListProducts.Handle).RequireScope(null)
            .Describe("List products", "Page by page; filters narrow together. Sorted by id, every product is met once; one whose "
                + "name or price changes between two pages of such an order may be met twice or not at all.")
            .Paged()
            .Query("sort", Values.OneOf(ListProducts.Sorts, "id"), "The order; `-` turns it round. Ids settle equals.", "name")
            .Query("text", Values.Text(256), "Every word stands in sku, name or description, whatever case and accents.", "lampara mesa")
            .Query("category", Values.Text(200).Many(), "Products of these categories.", (string[])["hogar"])
            .Query("active", Values.Flag(), "Products that can be ordered, or those that cannot.", true)
            .Query("price_min", Values.Number(0, Product.PriceMax), "Products that cost this or more.", 10)
            .Query("price_max", Values.Number(0, Product.PriceMax), "Products that cost this or less.", 50)
            .Replies(200, "One page.", new Page<Product>([Examples.Product], Examples.Cursor));
        products.MapGet("/{id}", GetProduct.Handle).RequireScope(null)
            .Describe("Read a product", "As it is now; orders keep what they copied.")
            .Conditional()
            .Replies(200, "The product.", Examples.Product, Tag)
            .Refuses(ProblemTypes.NotFound);
    }

    private static HeaderDoc Tag => new(
        "ETag", Values.Text(64), "Version and stock, for If-None-Match and If-Match.", ProductTag.Of(Examples.Product));

    public static IResult NotFound(string id) => new OrderError.NotFound("product", id).ToProblem();

    public static IResult SkuTaken(string sku) => Problems.Of(
        ProblemTypes.SkuTaken, $"sku: another product has '{sku}'", new FieldError("sku", "another product has it"));
}

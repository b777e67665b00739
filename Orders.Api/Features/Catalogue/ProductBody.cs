using System.ComponentModel.DataAnnotations;
using Orders.Api.Docs;
using Orders.Api.Domain;
using Orders.Api.Http;

namespace Orders.Api.Features.Catalogue;

/// <summary>
/// A product as callers send it. The id may be left out when one is created. Without <c>stock</c> a new product has none, and one that is
/// there keeps its own, whatever orders take meanwhile. Without <c>tax_class</c> it is standard.
/// </summary>
internal sealed record ProductBody(
    [StringLength(64, MinimumLength = 1)] string? Id, [Required, StringLength(64)] string? Sku, [Required, StringLength(200)] string? Name,
    [StringLength(4000)] string? Description, [Required, StringLength(200)] string? Category, [StringLength(200)] string? Manufacturer,
    [Required, Decimals(Currencies.DecimalsMax), Range(0, 999_999.99)] decimal? Price,
    [Required, RegularExpression("^[A-Z]{3}$")] string? Currency,
    [Required, Decimals(3), Range(0, 10_000)] decimal? Weight, [Range(0, int.MaxValue)] int? Stock, bool? Active,
    [AllowedValues(TaxClasses.Standard, TaxClasses.Reduced, TaxClasses.SuperReduced, TaxClasses.Zero)] string? TaxClass = null)
{
    public static readonly ProductBody Example = new(
        null, "LAMP-1", "Lámpara de mesa", "Latón, 40 cm", "hogar", "Luz", 19.99m, "EUR", 1.250m, 10, true);

    public const string IdPrefix = "pro-";

    /// <summary>What a merge patch may remove; it is empty then.</summary>
    public static readonly IReadOnlyCollection<string> Removable = ["description", "manufacturer"];

    public static ProductBody Of(Product product) => new(
        product.Id, product.Sku, product.Name, product.Description, product.Category, product.Manufacturer, product.Price,
        product.Currency, product.Weight, product.Stock, product.Active, product.TaxClass);

    public void Validate(Check check, string at = "")
    {
        if (Id is not null) check.Text(at + "id", Id, max: 64);
        check.Text(at + "sku", Sku, max: 64);
        check.Text(at + "name", Name);
        if (Description is not null) check.Text(at + "description", Description, max: 4000, required: false);
        check.Text(at + "category", Category);
        if (Manufacturer is not null) check.Text(at + "manufacturer", Manufacturer, required: false);
        if (!Currencies.Exists(Currency)) check.Fail(at + "currency", "must be an ISO 4217 code such as EUR");
        check.Decimals(at + "price", Price, Currencies.DecimalsOf(Currency ?? ""), Product.PriceMax);
        check.Decimals(at + "weight", Weight, 3, Product.WeightMax);
        if (TaxClass is not null) check.OneOf(at + "tax_class", TaxClass, TaxClasses.All);
        if (Stock is not null) check.Range(at + "stock", Stock, 0, int.MaxValue);
    }

    /// <summary>The product as it is stored when it is new.</summary>
    public Product ToProduct(string id, DateTimeOffset now) => new()
    {
        Id = id,
        Sku = Sku!,
        Name = Name!,
        Description = Description ?? "",
        Category = Category!,
        Manufacturer = Manufacturer ?? "",
        Price = Money.Round(Price!.Value, Currency!),
        Currency = Currency!,
        TaxClass = TaxClass ?? TaxClasses.Standard,
        Weight = Domain.Weight.Round(Weight!.Value),
        Stock = Stock ?? 0,
        Active = Active ?? true,
        CreatedAt = now,
        UpdatedAt = now,
    };
}

/// <summary>A product's merge patch as the documentation shows it.</summary>
internal sealed record ProductPatch(
    [StringLength(64, MinimumLength = 1)] string? Id, [StringLength(64, MinimumLength = 1)] string? Sku,
    [StringLength(200, MinimumLength = 1)] string? Name, [StringLength(4000)] string? Description,
    [StringLength(200, MinimumLength = 1)] string? Category, [StringLength(200)] string? Manufacturer,
    [Decimals(Currencies.DecimalsMax), Range(0, 999_999.99)] decimal? Price, [RegularExpression("^[A-Z]{3}$")] string? Currency,
    [Decimals(3), Range(0, 10_000)] decimal? Weight, [Range(0, int.MaxValue)] int? Stock, bool? Active,
    [AllowedValues(TaxClasses.Standard, TaxClasses.Reduced, TaxClasses.SuperReduced, TaxClasses.Zero)] string? TaxClass = null)
{
    public static readonly ProductPatch Example =
        new(null, null, "Lámpara de pie", null, null, null, 49.99m, null, null, null, null);
}

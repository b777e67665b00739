namespace Orders.Api.Domain;

/// <summary>A product of the catalogue. Orders copy from it; they never read it again.</summary>
internal sealed class Product
{
    public const decimal PriceMax = 999_999.99m;
    public const decimal WeightMax = 10_000m;

    public required string Id { get; init; }

    public required string Sku { get; set; }

    public required string Name { get; set; }

    public required string Description { get; set; }

    public required string Category { get; set; }

    public required string Manufacturer { get; set; }

    /// <summary>Gross price of one piece.</summary>
    public required decimal Price { get; set; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; set; }

    /// <summary>One of <see cref="TaxClasses"/>: with the destination it says which VAT the price contains.</summary>
    public string TaxClass { get; set; } = TaxClasses.Standard;

    /// <summary>Kilograms of one piece.</summary>
    public required decimal Weight { get; set; }

    public required int Stock { get; set; }

    /// <summary>An inactive product cannot be ordered.</summary>
    public required bool Active { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last edit in the catalogue; pieces that orders or the warehouse take do not count.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>1 when created, one more with every edit in the catalogue, as <see cref="UpdatedAt"/>.</summary>
    public int Version { get; set; } = 1;
}

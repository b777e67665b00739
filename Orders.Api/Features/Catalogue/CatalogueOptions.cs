using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Catalogue;

/// <summary>Section <c>Orders:Catalogue</c>: bounds of the filters of products, customers and addresses.</summary>
internal sealed class CatalogueOptions
{
    public const string Section = "Orders:Catalogue";

    /// <summary>Characters of a text filter. Default 100, 1 to 256.</summary>
    [Range(1, 256)]
    public int TextCharactersMax { get; set; } = 100;

    /// <summary>Words of a text filter; each is one condition. Default 8, 1 to 32.</summary>
    [Range(1, 32)]
    public int TextWordsMax { get; set; } = 8;

    /// <summary>Values of a filter that may be repeated. Default 20, 1 to 200.</summary>
    [Range(1, 200)]
    public int FilterValuesMax { get; set; } = 20;
}

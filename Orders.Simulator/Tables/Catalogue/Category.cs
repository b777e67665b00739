namespace Orders.Simulator.Tables.Catalogue;

/// <summary>A department: what it sells, who makes it, and in which variants.</summary>
/// <param name="Code">Three letters that begin the SKU.</param>
/// <param name="Weight">How often a product belongs here, relative to the other categories.</param>
/// <param name="Promise">A sentence that ends every description of this category.</param>
internal sealed record Category(
    string Name,
    string Code,
    double Weight,
    string Promise,
    IReadOnlyList<string> Manufacturers,
    IReadOnlyList<string> Variants,
    IReadOnlyList<Kind> Kinds);

/// <summary>A kind of article with the range of its price (whole euros) and of its weight (grams), both ends included.</summary>
internal sealed record Kind(string Name, int EurosMin, int EurosMax, int GramsMin, int GramsMax, string Text);

internal static class Shelves
{
    public static readonly IReadOnlyList<string> Series =
        ["Alba", "Brisa", "Cierzo", "Duero", "Encina", "Faro", "Gredos", "Horizonte", "Jara", "Nogal", "Oasis", "Tajo"];

    public static readonly IReadOnlyList<Category> All = [.. HomeShelves.All, .. LeisureShelves.All];
}

using System.Globalization;
using Orders.Simulator.Tables.Catalogue;

namespace Orders.Simulator.Tables;

/// <summary>
/// Products of a department store. Names are manufacturer, series, kind and variant, and no two products have the same;
/// prices and weights lie in the range of the kind, cheap ones more often.
/// </summary>
internal static class ProductGenerator
{
    private const string Currency = "EUR";
    private const double ActiveShare = 0.95;
    private const double SoldOutShare = 0.04;
    private const int StockMax = 500;

    // What shop prices end in, in cents.
    private static readonly Weighted<int> PriceEndings = new([(99, 0.5), (95, 0.2), (90, 0.1), (50, 0.1), (0, 0.1)]);

    private static readonly Weighted<Category> Categories = new(Shelves.All.Select(category => (category, category.Weight)));

    public static IReadOnlyList<Product> Generate(int seed, int count)
    {
        var stream = new RandomStream(seed, "products");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var products = new List<Product>(count);
        for (var row = 0; row < count; row++) products.Add(One(stream.At(row), seed, row, names));
        return products;
    }

    private static Product One(SeededRandom random, int seed, int row, HashSet<string> names)
    {
        var id = "pro-" + random.Uuid();
        // 18,700 names exist, three times as many as the largest table has rows, so this ends after a few draws.
        Article article;
        do article = Article.Draw(random, Categories.Draw(random));
        while (!names.Add(article.Name));

        var kind = article.Kind;
        return new Product(
            Id: id,
            // With the seed: tables of two seeds can be sent to the same shop, where a sku is one product's.
            Sku: string.Create(CultureInfo.InvariantCulture, $"{article.Category.Code}-{(uint)seed}-{row + 1:D5}"),
            Name: article.Name,
            Description: article.Description,
            Category: article.Category.Name,
            Manufacturer: article.Manufacturer,
            Price: Price(random, kind),
            Currency: Currency,
            Weight: new decimal(Skewed(random, kind.GramsMin, kind.GramsMax), 0, 0, isNegative: false, scale: 3),
            Stock: random.Chance(SoldOutShare) ? 0 : random.Between(1, StockMax),
            Active: random.Chance(ActiveShare));
    }

    /// <summary>A whole number of euros and an ending, which may leave the range of the kind by less than a euro.</summary>
    private static decimal Price(SeededRandom random, Kind kind)
    {
        var cents = (Skewed(random, kind.EurosMin, kind.EurosMax) * 100) + PriceEndings.Draw(random);
        return new decimal(cents, 0, 0, isNegative: false, scale: 2);
    }

    /// <summary>Density falls linearly from the minimum to the maximum: the smaller of two uniform draws.</summary>
    private static int Skewed(SeededRandom random, int min, int max) => Math.Min(random.Between(min, max), random.Between(min, max));
}

/// <summary>What is drawn again until the name is new.</summary>
internal readonly record struct Article(Category Category, Kind Kind, string Manufacturer, string Name, string Description)
{
    public static Article Draw(SeededRandom random, Category category)
    {
        var manufacturer = random.Pick(category.Manufacturers);
        var series = random.Pick(Shelves.Series);
        var kind = random.Pick(category.Kinds);
        var variant = random.Pick(category.Variants);
        return new Article(category, kind, manufacturer, $"{manufacturer} {series} {kind.Name}, {variant}",
            $"{kind.Text} {category.Promise}");
    }
}

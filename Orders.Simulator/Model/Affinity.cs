using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>What goes with a product: another one of a category that is bought together with the product's own.</summary>
internal sealed class Affinity
{
    private readonly IReadOnlyList<string> _categories;
    private readonly Dictionary<string, Weighted<Popularity>> _together = new(StringComparer.Ordinal);

    public Affinity(ShopTables tables, Profile profile)
    {
        _categories = tables.Categories;
        if (profile.Affinity.Chance <= 0) return;
        var shelves = tables.Categories.Select((category, product) => (category, product))
            .GroupBy(place => place.category, place => place.product, StringComparer.Ordinal)
            .ToDictionary(shelf => shelf.Key, shelf => new Popularity(tables.ProductIds, profile.Popularity.Zipf, shelf));
        foreach (var (category, others) in profile.Affinity.Together)
        {
            // A category that this shop does not have cannot be bought.
            var there = others.Where(other => other.Value > 0 && shelves.ContainsKey(other.Key)).ToList();
            if (there.Count > 0) _together[category] = new(there.Select(other => (shelves[other.Key], other.Value)));
        }
    }

    /// <summary>Null when nothing is known to go with it.</summary>
    public int? DrawBeside(int product, SeededRandom random) =>
        product < _categories.Count && _together.TryGetValue(_categories[product], out var shelves)
            ? shelves.Draw(random).Draw(random)
            : null;
}

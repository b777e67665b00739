using System.Text.Json;
using System.Text.Json.Nodes;
using Meilisearch;

namespace Orders.Indexer.Projections;

/// <summary>
/// How the index is set up. What a setting costs is paid with every batch, also with one of a single document: some tables are
/// gone over, or written, whole. Measured with 100,000 orders on two busy cores, the time of adding three: 0.86 s with
/// <c>_geo</c> as a filter (a tree of all positions is read and written anew, 0.67 s) and facet search (searching among facet
/// values, which goes over all of them even where no attribute has it, 0.08 s); 0.06 s without both. Before that, with 30,000
/// orders, adding ten took 0.83 s with order ids in the full-text fields, five words each, and 0.52 s without; an order is
/// looked up by its id with the filter <c>id = ...</c>.
/// </summary>
internal static class SearchSettings
{
    public const string PrimaryKey = "id";

    /// <summary>Settings whose order means nothing; Meilisearch answers them sorted.</summary>
    private static readonly string[] Sets = ["filterableAttributes", "sortableAttributes", "disableOnAttributes"];

    public static Settings Desired(SearchOptions options) => new()
    {
        SearchableAttributes =
        [
            "number", "customer_name", "customer_email", "customer_phone", "items.name", "items.sku",
            "road", "neighborhood", "city_district", "postcode",
        ],
        FilterableAttributes =
        [
            // id: also because the versions of a batch are read back by it.
            Filter(comparison: false, "id", "status", "channel", "currency", "customer_id", "city_district", "postcode",
                "items.product_id", "items.sku", "items.category"),
            Filter(comparison: true, "total", "placed_at_ms", "updated_at_ms", "version", "lat", "lon"),
        ],
        SortableAttributes = ["placed_at_ms", "updated_at_ms", "total", "number", "customer_name"],
        // A typo in a number or a code is another number or code.
        TypoTolerance = new TypoTolerance
        {
            Enabled = true,
            DisableOnAttributes = ["number", "items.sku", "postcode", "customer_phone", "customer_email"],
        },
        // Distances by attribute instead of by word: fields are short, and word pairs are the dearest part of indexing.
        ProximityPrecision = "byAttribute",
        Pagination = new Pagination { MaxTotalHits = options.MaxTotalHits },
        Faceting = new Faceting { MaxValuesPerFacet = options.MaxValuesPerFacet },
        FacetSearch = false,
    };

    private static FilterableAttribute Filter(bool comparison, params string[] attributes) => new()
    {
        AttributePatterns = attributes,
        Features = new FilterableAttributeFeatures
        {
            FacetSearch = false,
            Filter = new FilterableAttributeFilterFeatures { Equality = true, Comparison = comparison },
        },
    };

    /// <summary>Whether anything that <paramref name="desired"/> states is otherwise in <paramref name="actual"/>.</summary>
    public static bool Differ(Settings desired, Settings actual) =>
        !Covers(JsonSerializer.SerializeToNode(actual), JsonSerializer.SerializeToNode(desired), "");

    private static bool Covers(JsonNode? actual, JsonNode? desired, string name) => (actual, desired) switch
    {
        (_, null) => true,
        (JsonObject has, JsonObject wants) => wants.All(field => Covers(has[field.Key], field.Value, field.Key)),
        (JsonArray has, JsonArray wants) => Texts(has, name).SequenceEqual(Texts(wants, name), StringComparer.Ordinal),
        _ => JsonNode.DeepEquals(actual, desired),
    };

    private static IEnumerable<string> Texts(JsonArray values, string name)
    {
        var texts = values.Select(value => value?.ToJsonString() ?? "null");
        return Sets.Contains(name, StringComparer.OrdinalIgnoreCase) ? texts.Order(StringComparer.Ordinal) : texts;
    }
}

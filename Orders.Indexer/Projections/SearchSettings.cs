using System.Text.Json;
using System.Text.Json.Nodes;
using Meilisearch;

namespace Orders.Indexer.Projections;

/// <summary>
/// How the index is set up. Every searchable and filterable field costs indexing time with every document, so each one is
/// here because a query of the API uses it.
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
            "number", "id", "customer_name", "customer_email", "customer_phone", "items.name", "items.sku",
            "road", "neighborhood", "city_district", "postcode",
        ],
        // id: the versions of a batch are read back by it.
        FilterableAttributes =
        [
            "id", "status", "channel", "currency", "customer_id", "city_district", "postcode",
            "items.product_id", "items.sku", "items.category", "total", "placed_at_ms", "updated_at_ms", "version", "_geo",
        ],
        SortableAttributes = ["placed_at_ms", "updated_at_ms", "total", "number", "customer_name", "_geo"],
        // A typo in an id, a number or a code is another id, number or code.
        TypoTolerance = new TypoTolerance
        {
            Enabled = true,
            DisableOnAttributes = ["id", "number", "items.sku", "postcode", "customer_phone", "customer_email"],
        },
        // Distances by attribute instead of by word: fields are short, and word pairs are the dearest part of indexing.
        ProximityPrecision = "byAttribute",
        Pagination = new Pagination { MaxTotalHits = options.MaxTotalHits },
        Faceting = new Faceting { MaxValuesPerFacet = options.MaxValuesPerFacet },
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

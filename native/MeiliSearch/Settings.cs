using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>An index's settings. Null: leave as it is.</summary>
public class Settings
{
    public IEnumerable<string> RankingRules { get; set; }

    public string DistinctAttribute { get; set; }

    public IEnumerable<string> SearchableAttributes { get; set; }

    public IEnumerable<string> DisplayedAttributes { get; set; }

    public IEnumerable<string> StopWords { get; set; }

    public Dictionary<string, IEnumerable<string>> Synonyms { get; set; }

    public IEnumerable<FilterableAttribute> FilterableAttributes { get; set; }

    public IEnumerable<string> SortableAttributes { get; set; }

    public TypoTolerance TypoTolerance { get; set; }

    public Faceting Faceting { get; set; }

    public Pagination Pagination { get; set; }

    /// <summary><c>byWord</c> or <c>byAttribute</c> (faster indexing).</summary>
    public string ProximityPrecision { get; set; }

    public IEnumerable<string> SeparatorTokens { get; set; }

    public IEnumerable<string> NonSeparatorTokens { get; set; }

    public int? SearchCutoffMs { get; set; }

    /// <summary>Whether facet values can be searched for; false makes indexing cheaper.</summary>
    public bool? FacetSearch { get; set; }
}

public class TypoTolerance
{
    public bool? Enabled { get; set; }

    public IEnumerable<string> DisableOnAttributes { get; set; }

    public IEnumerable<string> DisableOnWords { get; set; }

    public TypoSize MinWordSizeForTypos { get; set; }

    public class TypoSize
    {
        public int? OneTypo { get; set; }

        public int? TwoTypos { get; set; }
    }
}

public class Faceting
{
    public int? MaxValuesPerFacet { get; set; }
}

public class Pagination
{
    public int? MaxTotalHits { get; set; }
}

/// <summary>An attribute's name, or patterns of names with the features that they are to have. A string converts to the former.</summary>
[JsonConverter(typeof(FilterableAttributeConverter))]
public class FilterableAttribute
{
    public string Attribute { get; set; }

    public IEnumerable<string> AttributePatterns { get; set; }

    public FilterableAttributeFeatures Features { get; set; }

    public static implicit operator FilterableAttribute(string attribute) =>
        attribute is null ? null : new FilterableAttribute { Attribute = attribute };
}

public class FilterableAttributeFeatures
{
    public bool FacetSearch { get; set; }

    public FilterableAttributeFilterFeatures Filter { get; set; }
}

public class FilterableAttributeFilterFeatures
{
    public bool Equality { get; set; }

    public bool Comparison { get; set; }
}

internal sealed class FilterableAttributeConverter : JsonConverter<FilterableAttribute>
{
    public override FilterableAttribute Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        using var json = JsonDocument.ParseValue(ref reader);
        var granular = json.RootElement.Deserialize<Granular>(options);
        return new FilterableAttribute { AttributePatterns = granular.AttributePatterns, Features = granular.Features };
    }

    public override void Write(Utf8JsonWriter writer, FilterableAttribute value, JsonSerializerOptions options)
    {
        if (value.Attribute is not null) writer.WriteStringValue(value.Attribute);
        else JsonSerializer.Serialize(writer, new Granular(value.AttributePatterns, value.Features), options);
    }

    private sealed record Granular(IEnumerable<string> AttributePatterns, FilterableAttributeFeatures Features);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>An index's settings. Null: leave as it is.</summary>
public class Settings
{
    /// <summary>What makes one hit better than another, the most important first.</summary>
    public IEnumerable<string> RankingRules { get; set; }

    /// <summary>Where words are searched, the most important first.</summary>
    public IEnumerable<string> SearchableAttributes { get; set; }

    /// <summary>What may stand in a filter.</summary>
    public IEnumerable<FilterableAttribute> FilterableAttributes { get; set; }

    /// <summary>What may stand in a sort.</summary>
    public IEnumerable<string> SortableAttributes { get; set; }

    /// <summary>Where words may differ by a letter.</summary>
    public TypoTolerance TypoTolerance { get; set; }

    /// <summary>Counts by value.</summary>
    public Faceting Faceting { get; set; }

    /// <summary>How deep one can page.</summary>
    public Pagination Pagination { get; set; }

    /// <summary><c>byWord</c> or <c>byAttribute</c> (faster indexing).</summary>
    public string ProximityPrecision { get; set; }

    /// <summary>Whether facet values can be searched for; false makes indexing cheaper.</summary>
    public bool? FacetSearch { get; set; }
}

/// <summary>Where words may differ by a letter.</summary>
public class TypoTolerance
{
    /// <summary>Default true.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Attributes in which words must be exact.</summary>
    public IEnumerable<string> DisableOnAttributes { get; set; }
}

/// <summary>Counts by value.</summary>
public class Faceting
{
    /// <summary>Default 100.</summary>
    public int? MaxValuesPerFacet { get; set; }
}

/// <summary>How deep one can page.</summary>
public class Pagination
{
    /// <summary>Default 1000: totals and pages end there.</summary>
    public int? MaxTotalHits { get; set; }
}

/// <summary>An attribute's name, or patterns of names with the features that they are to have. A string converts to the former.</summary>
[JsonConverter(typeof(FilterableAttributeConverter))]
public class FilterableAttribute
{
    /// <summary>The name; null where there are patterns.</summary>
    public string Attribute { get; set; }

    /// <summary>Names, <c>*</c> for any text.</summary>
    public IEnumerable<string> AttributePatterns { get; set; }

    /// <summary>Of the patterns.</summary>
    public FilterableAttributeFeatures Features { get; set; }

    /// <summary>An attribute of that name, with all features.</summary>
    public static implicit operator FilterableAttribute(string attribute) =>
        attribute is null ? null : new FilterableAttribute { Attribute = attribute };
}

/// <summary>What attributes may be used for.</summary>
public class FilterableAttributeFeatures
{
    /// <summary>Search among the values.</summary>
    public bool FacetSearch { get; set; }

    /// <summary>The operators of filters.</summary>
    public FilterableAttributeFilterFeatures Filter { get; set; }
}

/// <summary>The operators of filters.</summary>
public class FilterableAttributeFilterFeatures
{
    /// <summary><c>=</c>, <c>IN</c> and the like.</summary>
    public bool Equality { get; set; }

    /// <summary><c>&lt;</c>, <c>TO</c> and the like.</summary>
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

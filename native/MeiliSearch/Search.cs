using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>What a search found, whichever way it was paged.</summary>
[JsonConverter(typeof(SearchableConverterFactory))]
public interface ISearchable<T>
{
    string IndexUid { get; }

    IReadOnlyCollection<T> Hits { get; }

    /// <summary>By facet and value: how many documents match. Null when no facets were asked for.</summary>
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> FacetDistribution { get; }

    int ProcessingTimeMs { get; }

    string Query { get; }

    /// <summary>Smallest and greatest value of each numeric facet.</summary>
    IReadOnlyDictionary<string, FacetStat> FacetStats { get; }
}

public class FacetStat
{
    public float Min { get; set; }

    public float Max { get; set; }
}

/// <summary>The reply to <c>Offset</c> and <c>Limit</c>: fast, the total is an estimate.</summary>
public class SearchResult<T>(
    IReadOnlyCollection<T> hits,
    int offset,
    int limit,
    int estimatedTotalHits,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> facetDistribution,
    int processingTimeMs,
    string query,
    IReadOnlyDictionary<string, FacetStat> facetStats,
    string indexUid) : ISearchable<T>
{
    public string IndexUid { get; } = indexUid;

    public IReadOnlyCollection<T> Hits { get; } = hits;

    public int Offset { get; } = offset;

    public int Limit { get; } = limit;

    public int EstimatedTotalHits { get; } = estimatedTotalHits;

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> FacetDistribution { get; } = facetDistribution;

    public int ProcessingTimeMs { get; } = processingTimeMs;

    public string Query { get; } = query;

    public IReadOnlyDictionary<string, FacetStat> FacetStats { get; } = facetStats;
}

/// <summary>The reply to <c>Page</c> or <c>HitsPerPage</c>: exact totals, up to the index's <c>maxTotalHits</c>.</summary>
public class PaginatedSearchResult<T>(
    IReadOnlyCollection<T> hits,
    int hitsPerPage,
    int page,
    int totalHits,
    int totalPages,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> facetDistribution,
    int processingTimeMs,
    string query,
    IReadOnlyDictionary<string, FacetStat> facetStats,
    string indexUid) : ISearchable<T>
{
    public string IndexUid { get; } = indexUid;

    public IReadOnlyCollection<T> Hits { get; } = hits;

    public int HitsPerPage { get; } = hitsPerPage;

    public int Page { get; } = page;

    public int TotalHits { get; } = totalHits;

    public int TotalPages { get; } = totalPages;

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> FacetDistribution { get; } = facetDistribution;

    public int ProcessingTimeMs { get; } = processingTimeMs;

    public string Query { get; } = query;

    public IReadOnlyDictionary<string, FacetStat> FacetStats { get; } = facetStats;
}

/// <summary>Only the fields of a reply tell how it was paged.</summary>
internal sealed class SearchableConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ISearchable<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(SearchableConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()));

    private sealed class SearchableConverter<T> : JsonConverter<ISearchable<T>>
    {
        public override ISearchable<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var reply = JsonDocument.ParseValue(ref reader);
            var paginated = reply.RootElement.TryGetProperty("page", out _) || reply.RootElement.TryGetProperty("hitsPerPage", out _);
            return paginated
                ? reply.RootElement.Deserialize<PaginatedSearchResult<T>>(options)
                : reply.RootElement.Deserialize<SearchResult<T>>(options);
        }

        public override void Write(Utf8JsonWriter writer, ISearchable<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType(), options);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Meilisearch;

/// <summary>What a search found, whichever way it was paged.</summary>
[JsonConverter(typeof(SearchableConverterFactory))]
public interface ISearchable<T>
{
    /// <summary>The page.</summary>
    IReadOnlyCollection<T> Hits { get; }

    /// <summary>Milliseconds in the engine.</summary>
    int ProcessingTimeMs { get; }

    /// <summary>The words searched for.</summary>
    string Query { get; }
}

/// <summary>The reply to <c>Offset</c> and <c>Limit</c>: fast, the total is an estimate.</summary>
public class SearchResult<T>(
    IReadOnlyCollection<T> hits, int offset, int limit, int estimatedTotalHits, int processingTimeMs, string query) : ISearchable<T>
{
    /// <inheritdoc/>
    public IReadOnlyCollection<T> Hits { get; } = hits;

    /// <summary>How many are left out before.</summary>
    public int Offset { get; } = offset;

    /// <summary>How many were asked for.</summary>
    public int Limit { get; } = limit;

    /// <summary>How many there may be.</summary>
    public int EstimatedTotalHits { get; } = estimatedTotalHits;

    /// <inheritdoc/>
    public int ProcessingTimeMs { get; } = processingTimeMs;

    /// <inheritdoc/>
    public string Query { get; } = query;
}

/// <summary>The reply to <c>Page</c> or <c>HitsPerPage</c>: exact totals, up to the index's <c>maxTotalHits</c>.</summary>
public class PaginatedSearchResult<T>(
    IReadOnlyCollection<T> hits, int hitsPerPage, int page, int totalHits, int totalPages, int processingTimeMs, string query)
    : ISearchable<T>
{
    /// <inheritdoc/>
    public IReadOnlyCollection<T> Hits { get; } = hits;

    /// <summary>The size of a page.</summary>
    public int HitsPerPage { get; } = hitsPerPage;

    /// <summary>From 1.</summary>
    public int Page { get; } = page;

    /// <summary>How many there are on all pages.</summary>
    public int TotalHits { get; } = totalHits;

    /// <summary>How many pages there are.</summary>
    public int TotalPages { get; } = totalPages;

    /// <inheritdoc/>
    public int ProcessingTimeMs { get; } = processingTimeMs;

    /// <inheritdoc/>
    public string Query { get; } = query;
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

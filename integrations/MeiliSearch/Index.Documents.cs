using Meilisearch.QueryParameters;

namespace Meilisearch;

public partial class Index
{
    private string Documents => $"indexes/{Uid}/documents";

    /// <summary>Adds documents or replaces them whole: a JSON array, sent as it is.</summary>
    public Task<TaskInfo> AddDocumentsJsonAsync(
        string documents, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostTextAsync<TaskInfo>(
            QueryString.Of(Documents, ("primaryKey", primaryKey)), documents, "application/json", cancellationToken);

    /// <summary>As <see cref="AddDocumentsJsonAsync"/>, of JSON objects, one a line: the engine's fastest way in.</summary>
    public Task<TaskInfo> AddDocumentsNdjsonAsync(
        string documents, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostTextAsync<TaskInfo>(
            QueryString.Of(Documents, ("primaryKey", primaryKey)), documents, "application/x-ndjson", cancellationToken);

    /// <exception cref="MeilisearchApiError">There is no such document: code <c>document_not_found</c>.</exception>
    public Task<T> GetDocumentAsync<T>(
        string documentId, List<string> fields = default, CancellationToken cancellationToken = default) =>
        _http.GetAsync<T>(QueryString.Of($"{Documents}/{documentId}", ("fields", QueryString.Join(fields))), cancellationToken);

    /// <summary>Documents in the engine's own order, by page and by filter.</summary>
    public Task<ResourceResults<IEnumerable<T>>> GetDocumentsAsync<T>(
        DocumentsQuery query = default, CancellationToken cancellationToken = default)
    {
        // A filter does not fit into an address; there is a route of its own for it.
        if (query?.Filter is not null)
            return _http.PostAsync<ResourceResults<IEnumerable<T>>>($"{Documents}/fetch", query, cancellationToken);
        var uri = QueryString.Of(
            Documents, ("limit", query?.Limit), ("offset", query?.Offset), ("fields", QueryString.Join(query?.Fields)));
        return _http.GetAsync<ResourceResults<IEnumerable<T>>>(uri, cancellationToken);
    }

    /// <summary>Deletes a document; one that is not there is no error.</summary>
    public Task<TaskInfo> DeleteOneDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"{Documents}/{documentId}", cancellationToken);

    /// <summary>Deletes documents by id; those that are not there are no error.</summary>
    public Task<TaskInfo> DeleteDocumentsAsync(IEnumerable<string> documentIds, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>($"{Documents}/delete-batch", documentIds, cancellationToken);

    /// <summary>
    /// A <see cref="PaginatedSearchResult{T}"/> (exact totals) when <c>Page</c> or <c>HitsPerPage</c> is set, else a
    /// <see cref="SearchResult{T}"/> (estimated total). The query object is written to: do not share it between threads.
    /// </summary>
    public Task<ISearchable<T>> SearchAsync<T>(
        string query, SearchQuery searchAttributes = default, CancellationToken cancellationToken = default)
    {
        var body = searchAttributes ?? new SearchQuery();
        body.Q = query;
        return _http.PostAsync<ISearchable<T>>($"indexes/{Uid}/search", body, cancellationToken);
    }
}

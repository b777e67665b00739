using Meilisearch.QueryParameters;

namespace Meilisearch;

public partial class Index
{
    private string Documents => $"indexes/{Uid}/documents";

    /// <summary>Adds documents or replaces them whole. Property names become camelCase unless attributes say otherwise.</summary>
    public Task<TaskInfo> AddDocumentsAsync<T>(
        IEnumerable<T> documents, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostDocumentsAsync<TaskInfo>(QueryString.Of(Documents, ("primaryKey", primaryKey)), documents, cancellationToken);

    /// <summary>As <see cref="AddDocumentsAsync"/>, of a JSON array that is sent as it is.</summary>
    public Task<TaskInfo> AddDocumentsJsonAsync(
        string documents, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostTextAsync<TaskInfo>(
            QueryString.Of(Documents, ("primaryKey", primaryKey)), documents, "application/json", cancellationToken);

    /// <summary>As <see cref="AddDocumentsAsync"/>, of JSON objects, one a line, sent as they are: the engine's fastest way in.</summary>
    public Task<TaskInfo> AddDocumentsNdjsonAsync(
        string documents, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostTextAsync<TaskInfo>(
            QueryString.Of(Documents, ("primaryKey", primaryKey)), documents, "application/x-ndjson", cancellationToken);

    /// <exception cref="MeilisearchApiError">There is no such document: code <c>document_not_found</c>.</exception>
    public Task<T> GetDocumentAsync<T>(
        string documentId, List<string> fields = default, CancellationToken cancellationToken = default) =>
        _http.GetAsync<T>(QueryString.Of($"{Documents}/{documentId}", ("fields", QueryString.Join(fields))), cancellationToken);

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

    public Task<TaskInfo> DeleteOneDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"{Documents}/{documentId}", cancellationToken);

    public Task<TaskInfo> DeleteDocumentsAsync(IEnumerable<string> documentIds, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>($"{Documents}/delete-batch", documentIds, cancellationToken);

    /// <summary>Deletes what a filter finds.</summary>
    public Task<TaskInfo> DeleteDocumentsAsync(DeleteDocumentsQuery query, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>($"{Documents}/delete", query, cancellationToken);

    public Task<TaskInfo> DeleteAllDocumentsAsync(CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>(Documents, cancellationToken);

    /// <summary>
    /// A <see cref="PaginatedSearchResult{T}"/> (exact totals) when <c>Page</c> or <c>HitsPerPage</c> is set, else a
    /// <see cref="SearchResult{T}"/> (estimated total). The query object is written to: do not share it between threads.
    /// </summary>
    public Task<ISearchable<T>> SearchAsync<T>(
        string query, SearchQuery searchAttributes = default, CancellationToken cancellationToken = default)
    {
        var body = searchAttributes ?? new SearchQuery();
        body.Q = query;
        body.IndexUid = null;
        return _http.PostAsync<ISearchable<T>>($"indexes/{Uid}/search", body, cancellationToken);
    }
}

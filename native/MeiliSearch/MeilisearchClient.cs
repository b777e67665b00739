using System.Net.Http.Headers;
using System.Text.Json;
using Meilisearch.QueryParameters;

namespace Meilisearch;

/// <summary>A Meilisearch server. Thread-safe; meant to live as long as the process.</summary>
public class MeilisearchClient
{
    private readonly MeilisearchHttp _http;

    /// <summary>
    /// Errors of the server become <see cref="MeilisearchApiError"/>, its absence <see cref="MeilisearchCommunicationError"/>.
    /// </summary>
    public MeilisearchClient(string url, string apiKey = default)
        : this(new HttpClient(new MeilisearchMessageHandler(new HttpClientHandler())) { BaseAddress = new Uri(url) }, apiKey)
    {
    }

    /// <summary>Errors are translated only if <paramref name="client"/> has a <see cref="MeilisearchMessageHandler"/>.</summary>
    public MeilisearchClient(HttpClient client, string apiKey = default)
    {
        client.BaseAddress = MeilisearchHttp.WithSlash(client.BaseAddress.OriginalString);
        if (!string.IsNullOrEmpty(apiKey)) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _http = new MeilisearchHttp(client);
        ApiKey = apiKey;
    }

    public string ApiKey { get; }

    public Task<MeiliSearchHealth> HealthAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync<MeiliSearchHealth>("health", cancellationToken);

    /// <summary>False when the server does not answer, whatever the reason.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await HealthAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is MeilisearchApiError or MeilisearchCommunicationError
            or HttpRequestException or OperationCanceledException or JsonException)
        {
            return false;
        }
    }

    public Task<MeiliSearchVersion> GetVersionAsync(CancellationToken cancellationToken = default) =>
        _http.GetAsync<MeiliSearchVersion>("version", cancellationToken);

    public Task<Stats> GetStatsAsync(CancellationToken cancellationToken = default) => _http.GetAsync<Stats>("stats", cancellationToken);

    /// <summary>A handle only; nothing is asked of or made on the server.</summary>
    public Index Index(string uid) => new Index(uid).With(_http);

    public Task<TaskInfo> CreateIndexAsync(string uid, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>("indexes", new { uid, primaryKey }, cancellationToken);

    public Task<TaskInfo> UpdateIndexAsync(string uid, string primarykeytoChange, CancellationToken cancellationToken = default) =>
        Index(uid).UpdateAsync(primarykeytoChange, cancellationToken);

    public Task<TaskInfo> DeleteIndexAsync(string uid, CancellationToken cancellationToken = default) =>
        Index(uid).DeleteAsync(cancellationToken);

    /// <exception cref="MeilisearchApiError">There is no such index: code <c>index_not_found</c>.</exception>
    public Task<Index> GetIndexAsync(string uid, CancellationToken cancellationToken = default) =>
        Index(uid).FetchInfoAsync(cancellationToken);

    public async Task<ResourceResults<IEnumerable<Index>>> GetAllIndexesAsync(
        IndexesQuery query = default, CancellationToken cancellationToken = default)
    {
        var uri = QueryString.Of("indexes", ("offset", query?.Offset), ("limit", query?.Limit));
        var page = await _http.GetAsync<ResourceResults<IEnumerable<Index>>>(uri, cancellationToken).ConfigureAwait(false);
        foreach (var index in page.Results) index.With(_http);
        return page;
    }

    /// <summary>Exchanges the contents of two indexes in one step, visible to searches as a whole.</summary>
    public Task<TaskInfo> SwapIndexesAsync(List<IndexSwap> indexes, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>("swap-indexes", indexes, cancellationToken);

    public Task<TaskResource> GetTaskAsync(int taskUid, CancellationToken cancellationToken = default) =>
        new TaskEndpoint(_http).GetAsync(taskUid, cancellationToken);

    public async Task<Result<IEnumerable<TaskResource>>> GetTasksAsync(
        TasksQuery query = default, CancellationToken cancellationToken = default) =>
        await new TaskEndpoint(_http).ListAsync(query, cancellationToken).ConfigureAwait(false);

    /// <summary>Polls until the task is over, whether it succeeded, failed or was cancelled: look at its status.</summary>
    /// <exception cref="MeilisearchTimeoutError">It was not over after <paramref name="timeoutMs"/>.</exception>
    public Task<TaskResource> WaitForTaskAsync(
        int taskUid, double timeoutMs = 5000.0, int intervalMs = 50, CancellationToken cancellationToken = default) =>
        new TaskEndpoint(_http).WaitAsync(taskUid, timeoutMs, intervalMs, cancellationToken);

    public Task<TaskInfo> CancelTasksAsync(CancelTasksQuery query, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>(
            QueryString.OfTasks("tasks/cancel", query.IndexUids, query.Statuses, query.Types, query.Uids), null, cancellationToken);

    public Task<TaskInfo> DeleteTasksAsync(DeleteTasksQuery query, CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>(
            QueryString.OfTasks(
                "tasks", query.IndexUids, query.Statuses, query.Types, query.Uids?.ConvertAll(uid => $"{uid}"),
                ("canceledBy", QueryString.Join(query.CanceledBy)),
                ("beforeEnqueuedAt", query.BeforeEnqueuedAt), ("afterEnqueuedAt", query.AfterEnqueuedAt),
                ("beforeStartedAt", query.BeforeStartedAt), ("afterStartedAt", query.AfterStartedAt),
                ("beforeFinishedAt", query.BeforeFinishedAt), ("afterFinishedAt", query.AfterFinishedAt)),
            cancellationToken);
}

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
    }

    /// <summary>False when the server does not answer, whatever the reason.</summary>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _http.GetAsync<JsonElement>("health", cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is MeilisearchApiError or MeilisearchCommunicationError
            or HttpRequestException or OperationCanceledException or JsonException)
        {
            return false;
        }
    }

    /// <summary>A handle only; nothing is asked of or made on the server.</summary>
    public Index Index(string uid) => new Index(uid).With(_http);

    /// <summary>Makes an index; the task fails with <c>index_already_exists</c> if there is one of the name.</summary>
    public Task<TaskInfo> CreateIndexAsync(string uid, string primaryKey = default, CancellationToken cancellationToken = default) =>
        _http.PostAsync<TaskInfo>("indexes", new { uid, primaryKey }, cancellationToken);

    /// <summary>Deletes an index with its documents; the task fails with <c>index_not_found</c> if there is none.</summary>
    public Task<TaskInfo> DeleteIndexAsync(string uid, CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>($"indexes/{uid}", cancellationToken);

    /// <exception cref="MeilisearchApiError">There is no such index: code <c>index_not_found</c>.</exception>
    public async Task<Index> GetIndexAsync(string uid, CancellationToken cancellationToken = default) =>
        (await _http.GetAsync<Index>($"indexes/{uid}", cancellationToken).ConfigureAwait(false)).With(_http);

    /// <summary>The indexes of the server, by page.</summary>
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

    /// <exception cref="MeilisearchApiError">The server keeps no record of it: code <c>task_not_found</c>.</exception>
    public Task<TaskResource> GetTaskAsync(int taskUid, CancellationToken cancellationToken = default) =>
        _http.GetAsync<TaskResource>($"tasks/{taskUid}", cancellationToken);

    /// <summary>Tasks, newest first.</summary>
    public async Task<Result<IEnumerable<TaskResource>>> GetTasksAsync(
        TasksQuery query = default, CancellationToken cancellationToken = default)
    {
        var uri = QueryString.Of(
            "tasks", ("limit", query?.Limit), ("from", query?.From), ("indexUids", QueryString.Join(query?.IndexUids)),
            ("statuses", QueryString.Join(query?.Statuses)), ("types", QueryString.Join(query?.Types)));
        return await _http.GetAsync<TasksResults<IEnumerable<TaskResource>>>(uri, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Polls until the task is over, whether it succeeded, failed or was cancelled: look at its status.</summary>
    /// <exception cref="MeilisearchTimeoutError">It was not over after <paramref name="timeoutMs"/>.</exception>
    public async Task<TaskResource> WaitForTaskAsync(
        int taskUid, double timeoutMs = 5000.0, int intervalMs = 50, CancellationToken cancellationToken = default)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < timeoutMs)
        {
            var task = await GetTaskAsync(taskUid, cancellationToken).ConfigureAwait(false);
            if (task.Status is not (TaskInfoStatus.Enqueued or TaskInfoStatus.Processing)) return task;
            await Task.Delay(intervalMs, cancellationToken).ConfigureAwait(false);
        }

        throw new MeilisearchTimeoutError($"The task {taskUid} timed out.");
    }

    /// <summary>Deletes the records of tasks that are over; the server refuses a query without any condition.</summary>
    public Task<TaskInfo> DeleteTasksAsync(DeleteTasksQuery query, CancellationToken cancellationToken = default) =>
        _http.DeleteAsync<TaskInfo>(
            QueryString.Of("tasks", ("statuses", QueryString.Join(query.Statuses)), ("beforeFinishedAt", query.BeforeFinishedAt)),
            cancellationToken);
}

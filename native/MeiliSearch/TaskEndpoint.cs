using Meilisearch.QueryParameters;

namespace Meilisearch;

internal sealed class TaskEndpoint(MeilisearchHttp http)
{
    public Task<TaskResource> GetAsync(int taskUid, CancellationToken cancellationToken) =>
        http.GetAsync<TaskResource>($"tasks/{taskUid}", cancellationToken);

    public Task<TasksResults<IEnumerable<TaskResource>>> ListAsync(TasksQuery query, CancellationToken cancellationToken)
    {
        var uri = QueryString.OfTasks(
            "tasks", query?.IndexUids, query?.Statuses, query?.Types, query?.Uids, ("limit", query?.Limit), ("from", query?.From));
        return http.GetAsync<TasksResults<IEnumerable<TaskResource>>>(uri, cancellationToken);
    }

    public async Task<TaskResource> WaitAsync(int taskUid, double timeoutMs, int intervalMs, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < timeoutMs)
        {
            var task = await GetAsync(taskUid, cancellationToken).ConfigureAwait(false);
            if (task.Status is not (TaskInfoStatus.Enqueued or TaskInfoStatus.Processing)) return task;
            await Task.Delay(intervalMs, cancellationToken).ConfigureAwait(false);
        }

        throw new MeilisearchTimeoutError($"The task {taskUid} timed out.");
    }
}

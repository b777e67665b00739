using Meilisearch;
using Meilisearch.QueryParameters;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using Orders.Indexer.Projections;

namespace Orders.Indexer.Searching;

/// <summary>
/// Removes the records of tasks that have ended. Meilisearch takes no writes any more when it has too many of them, and 1.21 makes room by
/// removing the newest. Several processes may do it at once. Who still asks for a task that is gone sends again.
/// </summary>
internal sealed partial class TaskPruner(
    MeilisearchClient client, IOptions<SearchOptions> options, TimeProvider time, ILogger<TaskPruner> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.TaskPruneInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await PruneAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; the next one removes what is left.
        }
    }

    private async Task PruneAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            await client.DeleteTasksAsync(new DeleteTasksQuery
            {
                Statuses = [TaskInfoStatus.Succeeded, TaskInfoStatus.Failed, TaskInfoStatus.Canceled],
                BeforeFinishedAt = (time.GetUtcNow() - options.Value.TasksKeptFor).UtcDateTime,
            }, cancel);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // The edge of the loop: the next tick does what this one could not.
            LogFailed(failure.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Records of tasks that have ended could not be removed: {Reason}")]
    private partial void LogFailed(string reason);
}

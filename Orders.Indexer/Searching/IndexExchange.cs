using Meilisearch;
using Meilisearch.QueryParameters;
using OpenTelemetry;
using Orders.Contracts;
using Orders.Indexer.Projections;

namespace Orders.Indexer.Searching;

/// <summary>
/// Exchanges the live index with another one. Meilisearch 1.21 re-labels the waiting tasks of one of the two indexes only, so that
/// deleting the old one could take the other's tasks along (mended in 1.31): both have to be drained before, and again before the deletion.
/// </summary>
internal sealed class IndexExchange(MeilisearchClient client, SearchIndex live, TimeProvider time)
{
    private const int IndexesMax = 1000;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when no task of these indexes and no exchange is waiting or at work.</summary>
    public async Task DrainAsync(string spare, CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        List<TaskInfoStatus> open = [TaskInfoStatus.Enqueued, TaskInfoStatus.Processing];
        while (await AnyAsync(new TasksQuery { IndexUids = [live.Uid, spare], Statuses = open, Limit = 1 }, cancel)
            || await AnyAsync(new TasksQuery { Types = [TaskInfoType.IndexSwap], Statuses = open, Limit = 1 }, cancel))
            await Task.Delay(LookAgain, time, cancel);
    }

    /// <summary>Both must be drained and nobody else may write.</summary>
    public async Task SwapAsync(string spare, CancellationToken cancel)
    {
        var done = await live.WaitAsync(await client.SwapIndexesAsync([new IndexSwap(live.Uid, spare)], cancel), cancel);
        if (done.Status is not TaskInfoStatus.Succeeded) throw SearchIndex.Failed(done);
    }

    public async Task DeleteAsync(string spare, CancellationToken cancel)
    {
        await DrainAsync(spare, cancel);
        var done = await live.WaitAsync(await client.DeleteIndexAsync(spare, cancel), cancel);
        if (done.Status is not TaskInfoStatus.Succeeded && done.Error?.GetValueOrDefault("code") is not "index_not_found")
            throw SearchIndex.Failed(done);
    }

    /// <summary>What earlier rebuilds left behind.</summary>
    public async Task DeleteLeftoversAsync(string except, CancellationToken cancel)
    {
        var all = await client.GetAllIndexesAsync(new IndexesQuery { Limit = IndexesMax }, cancel);
        var left = all.Results.Select(index => index.Uid)
            .Where(uid => uid.StartsWith(WireNames.Indexes.Spare, StringComparison.Ordinal) && uid != except).ToList();
        foreach (var uid in left) await DeleteAsync(uid, cancel);
    }

    private async Task<bool> AnyAsync(TasksQuery query, CancellationToken cancel) =>
        (await client.GetTasksAsync(query, cancel)).Results.Any();
}

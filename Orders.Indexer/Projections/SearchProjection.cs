using Meilisearch;
using Npgsql;
using Orders.Contracts;
using Orders.Indexer.Jobs;
using Orders.Indexer.Searching;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Projections;

/// <summary>
/// Orders in the search index. Every batch is written inside the <see cref="SearchGate"/>, so that a rebuild can exchange the index at a
/// moment when nobody writes; see <see cref="SearchWriter"/> for how.
/// Before a batch it is seen whether the index is still the one that was prepared. One that was deleted, or with it the whole server's
/// data, is made anew with its settings at once, new orders go into it, and a rebuild is queued for the others.
/// </summary>
internal sealed partial class SearchProjection(
    SearchIndex index, SearchWriter writer, SearchGate gate, JobQueue jobs, HotWindow window, MeilisearchClient client,
    NpgsqlDataSource database, ILogger<SearchProjection> logger) : IProjection
{
    private long _epoch;
    private DateTimeOffset? _identity;

    public string Name => "search";

    public string Group => WireNames.Groups.Search;

    public async Task PrepareAsync(CancellationToken cancel)
    {
        await TellWindowAsync(cancel);
        var identity = await index.IdentityAsync(cancel);
        // Other settings mostly mean that documents are made otherwise, too; and Meilisearch takes no documents while it goes over those
        // that it has. In this order: an index that another indexer is making has no documents before its settings.
        if (identity is not null && (await client.Index(index.Uid).GetStatsAsync(cancel)).NumberOfDocuments > 0
            && await index.HasOtherSettingsAsync(cancel))
        {
            await RebuildAsync("its settings have changed", cancel);
            return;
        }

        await index.PrepareAsync(cancel);
        if (identity is null && await HasOrdersAsync(cancel)) await RebuildAsync("it was not there", cancel);
    }

    public void Forget(IReadOnlyCollection<int> partitions) => writer.Forget(partitions);

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        await using var pass = await gate.EnterAsync(cancel);
        var identity = await index.IdentityAsync(cancel);
        // Made anew by the next attempt, which begins with preparing it.
        if (identity is null) throw new SearchIndexLostException(index.Uid);
        if (pass.Epoch != _epoch)
        {
            (_epoch, _identity) = (pass.Epoch, identity);
            writer.ForgetAll();
        }
        else if (identity != _identity)
        {
            // Somebody deleted it, and somebody else has made it again.
            writer.ForgetAll();
            await index.PrepareAsync(cancel);
            await RebuildAsync("it is another one than before", cancel);
            _identity = identity;
        }

        return await writer.ApplyAsync(batch, cancel);
    }

    private async Task RebuildAsync(string why, CancellationToken cancel)
    {
        var job = await jobs.ScheduleAsync(WireNames.Jobs.SearchRebuild, TimeSpan.Zero, "indexer", cancel);
        if (job is not null) LogRebuild(index.Uid, why, job);
    }

    /// <summary>The api explains by it why an order is not in the index.</summary>
    private async Task TellWindowAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            "update search_gate set hot_window = $1 where hot_window is distinct from $1");
        command.Parameters.AddWithValue(window.Length);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<bool> HasOrdersAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("select exists (select from orders)");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    [LoggerMessage(LogLevel.Warning, "Index {Index} has to be rebuilt, {Why}: job {Job}")]
    private partial void LogRebuild(string index, string why, string job);
}

/// <summary>The index is gone.</summary>
internal sealed class SearchIndexLostException(string uid) : Exception($"there is no index {uid} any more");

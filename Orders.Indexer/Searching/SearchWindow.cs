using Meilisearch;
using Meilisearch.QueryParameters;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Jobs;
using Orders.Indexer.Projections;

namespace Orders.Indexer.Searching;

/// <summary>
/// Takes closed orders that are too old out of the search index. Found by a filter, deleted by id: Meilisearch batches deletions by id
/// with other writes, deletions by filter stop everything else. Safe beside the projections: a closed order never opens again.
/// </summary>
internal sealed class SearchWindow(SearchIndex live, MeilisearchClient client, HotWindow window, IOptions<SearchOptions> options)
    : IScheduledJob
{
    private const int PageSize = 1000;

    public string Kind => WireNames.Jobs.SearchWindow;

    public TimeSpan Every => options.Value.WindowInterval;

    /// <summary>Progress and result.</summary>
    public sealed record State(DateTimeOffset Since, long Removed);

    public async Task RunAsync(JobContext job, CancellationToken cancel)
    {
        var state = new State(window.Since, job.Progress<State>()?.Removed ?? 0);
        var query = new DocumentsQuery
        {
            Filter = FormattableString.Invariant($"placed_at_ms < {state.Since.ToUnixTimeMilliseconds()} AND status IN ")
                + $"[{string.Join(',', HotWindow.Closed)}]",
            Fields = [SearchSettings.PrimaryKey],
            Limit = PageSize,
        };
        while (true)
        {
            var ids = await FindAsync(query, cancel);
            if (ids.Count == 0) break;
            await live.RemoveAsync(ids, cancel);
            state = state with { Removed = state.Removed + ids.Count };
            await job.SaveAsync(state, cancel);
        }

        job.SetResult(state);
    }

    /// <summary>
    /// Nothing where there is no index yet, or one without its settings: a first start makes both while this already runs.
    /// </summary>
    private async Task<List<string>> FindAsync(DocumentsQuery query, CancellationToken cancel)
    {
        try
        {
            var found = await client.Index(live.Uid).GetDocumentsAsync<Found>(query, cancel);
            return [.. found.Results.Select(document => document.Id)];
        }
        catch (MeilisearchApiError error) when (error.Code is "index_not_found" or "invalid_document_filter")
        {
            return [];
        }
    }

    private sealed record Found([property: System.Text.Json.Serialization.JsonPropertyName("id")] string Id);
}

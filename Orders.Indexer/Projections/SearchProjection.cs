using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Projections;

/// <summary>
/// Orders in Meilisearch, one document each, replaced whole.
/// Invariant: the version of a document never goes back, although events are delivered again after a crash, a rebalance or
/// a replay. Meilisearch replaces without asking, so the check is made here, before sending:
/// 1. Only the owner of a partition writes its orders, one task at a time, so nothing changes between check and write.
/// 2. What a former owner still has in Meilisearch's queue is waited for after every assignment; tasks run in the order in
///    which they were queued, so from then on the index shows all that was written before.
/// 3. The versions of a batch's orders are read back in one request; orders written since the assignment are remembered
///    and not even asked for. Reading 5,000 versions takes 10 ms when none of the orders is there (history, bulk) and
///    90 ms when all are (replay), beside about a second that indexing 5,000 documents takes on two cores.
/// An owner that was frozen and does not know yet that it lost its partitions is held by <see cref="Lease"/>.
/// </summary>
internal sealed class SearchProjection(SearchIndex index, IOptions<SearchOptions> options) : IProjection
{
    /// <summary>Into how many tasks one that failed is split.</summary>
    private const int Parts = 16;

    private readonly VersionMemory _known = new(options.Value.KnownVersionsMax);
    private volatile bool _reassigned = true;

    public string Name => "search";

    public string Group => WireNames.Groups.Search;

    public Task PrepareAsync(CancellationToken cancel) => index.PrepareAsync(cancel);

    public void Forget(IReadOnlyCollection<int> partitions)
    {
        _known.Forget(partitions);
        _reassigned = true;
    }

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        if (_reassigned)
        {
            _reassigned = false;
            await SettleAsync(cancel);
        }

        // An id that cannot be a document's is known beforehand; no need to let it fail a whole task.
        var byId = batch.Events.ToLookup(taken => SearchIndex.IsDocumentId(taken.OrderId));
        var rejected = byId[false].Select(taken => Reject(taken, "the order id cannot be a document id")).ToList();
        var possible = byId[true].ToList();
        var newer = await DropOlderAsync(possible, cancel);
        if (newer.Count > 0) await IndexAsync(newer, rejected, batch.Trace, cancel);
        var refused = rejected.Select(rejection => rejection.Raw).ToHashSet();
        var applied = refused.Count == 0 ? newer : newer.FindAll(taken => !refused.Contains(taken.Raw));
        foreach (var taken in applied) _known.Remember(taken.Partition, taken.OrderId, taken.Version);
        return new BatchOutcome(applied, possible.Count - newer.Count, rejected);
    }

    private async Task SettleAsync(CancellationToken cancel)
    {
        try
        {
            await index.SettleAsync(cancel);
        }
        catch
        {
            _reassigned = true;
            throw;
        }
    }

    private async Task<List<StreamEvent>> DropOlderAsync(List<StreamEvent> events, CancellationToken cancel)
    {
        var newer = new List<StreamEvent>(events.Count);
        var unknown = new List<StreamEvent>();
        foreach (var taken in events)
        {
            var known = _known.Find(taken.Partition, taken.OrderId);
            if (known is null) unknown.Add(taken);
            else if (IsWanted(taken, known.Value)) newer.Add(taken);
        }

        if (unknown.Count == 0) return newer;
        var indexed = await index.VersionsAsync(unknown.ConvertAll(taken => taken.OrderId), cancel);
        foreach (var taken in unknown)
        {
            var version = indexed.GetValueOrDefault(taken.OrderId);
            if (IsWanted(taken, version)) newer.Add(taken);
            else _known.Remember(taken.Partition, taken.OrderId, version);
        }

        return newer;
    }

    /// <summary>A rebuild writes the version that is there once more: the document, not its version, is in doubt.</summary>
    private static bool IsWanted(StreamEvent taken, int indexed) =>
        indexed < taken.Version || (indexed == taken.Version && taken.Event.Rebuild is true);

    private async Task IndexAsync(List<StreamEvent> events, List<Rejection> rejected, BatchTrace trace, CancellationToken cancel)
    {
        using var step = trace.Begin(
            "index " + WireNames.Indexes.Orders,
            events,
            new(IndexerTelemetry.DbSystem, "meilisearch"),
            new(IndexerTelemetry.DbCollection, WireNames.Indexes.Orders),
            new(IndexerTelemetry.DbOperation, "index"),
            new(IndexerTelemetry.DbBatchSize, events.Count));
        await SendAsync(events, rejected, cancel);
        step.Succeed();
    }

    /// <summary>
    /// One bad document fails its whole task and no other. It is found by sending the task again in parts, all at once, and
    /// the parts that fail again in smaller ones: four rounds for 5,000 documents, because what a round costs is a batch of
    /// Meilisearch's, however many tasks are in it. All other documents are indexed on the way.
    /// </summary>
    private async Task SendAsync(List<StreamEvent> events, List<Rejection> rejected, CancellationToken cancel)
    {
        List<StreamEvent[]> parts = [[.. events]];
        while (parts.Count > 0)
        {
            var refusals = await Task.WhenAll(parts.Select(part => ReplaceAsync(part, cancel)));
            var refused = parts.Zip(refusals).Where(part => part.Second is not null).ToList();
            rejected.AddRange(refused.Where(part => part.First.Length == 1).Select(part => Reject(part.First[0], part.Second!)));
            parts = [.. refused.Where(part => part.First.Length > 1)
                .SelectMany(part => part.First.Chunk((part.First.Length + Parts - 1) / Parts))];
        }
    }

    private Task<string?> ReplaceAsync(StreamEvent[] events, CancellationToken cancel) =>
        index.ReplaceAsync(Array.ConvertAll(events, taken => OrderDocument.From(taken.Event.Data)), cancel);

    private static Rejection Reject(StreamEvent taken, string why) =>
        new(taken.Raw, DeadLetterReasons.RejectedBySearch, why, taken.Event.TraceParent);
}

using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Searching;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Indexer.Projections;

/// <summary>
/// Batches of events as documents of one index, one for each order, replaced whole.
/// Invariant: the version of a document never goes back, although events are delivered again after a crash, a rebalance or
/// a replay. (An order that is closed and too old leaves the index, and its version with it.) Meilisearch replaces without
/// asking, so the check is made here, before sending:
/// 1. Only the owner of a partition writes its orders, one task at a time, so nothing changes between check and write.
/// 2. What a former owner still has in Meilisearch's queue is waited for after every assignment; tasks run in the order in
///    which they were queued, so from then on the index shows all that was written before.
/// 3. The versions of a batch's orders are read back in one request; orders written since the assignment are remembered
///    and not even asked for. Reading 5,000 versions takes 10 ms when none of the orders is there (history, bulk) and
///    90 ms when all are (replay), beside about a second that indexing 5,000 documents takes on two cores.
/// An owner that was frozen and does not know yet that it lost its partitions is held by <see cref="Lease"/>.
/// Whoever else writes to the index keeps the owners away with <see cref="SearchGate"/>.
/// </summary>
internal sealed class SearchWriter(
    SearchIndex index, HotWindow window, FreshnessBoard freshness, TimeProvider time, IOptions<SearchOptions> options)
{
    private readonly VersionMemory _known = new(options.Value.KnownVersionsMax);
    private volatile bool _reassigned = true;

    /// <summary>Somebody else may have written: nothing that is remembered counts.</summary>
    public void ForgetAll() => _known.ForgetAll();

    /// <inheritdoc cref="IProjection.Forget"/>
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
        var (newer, leaving) = await DropOlderAsync(possible, cancel);
        if (newer.Count > 0) await IndexAsync(newer, rejected, batch.Trace, cancel);
        if (leaving.Count > 0) await index.RemoveAsync(leaving.ConvertAll(taken => taken.OrderId), cancel);
        var refused = rejected.Select(rejection => rejection.Raw).ToHashSet();
        var applied = refused.Count == 0 ? newer : newer.FindAll(taken => !refused.Contains(taken.Raw));
        foreach (var taken in applied.Concat(leaving)) _known.Remember(taken.Partition, taken.OrderId, taken.Version);
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

    /// <summary>What has to be written, and of what is too old for the index what is still in it.</summary>
    private async Task<(List<StreamEvent> Newer, List<StreamEvent> Leaving)> DropOlderAsync(
        List<StreamEvent> events, CancellationToken cancel)
    {
        var (newer, leaving) = (new List<StreamEvent>(events.Count), new List<StreamEvent>());
        var unknown = new List<StreamEvent>();
        foreach (var taken in events)
        {
            // In a rebuild the index is in doubt, and with it what is remembered of it.
            var known = taken.Event.Rebuild is true ? null : _known.Find(taken.Partition, taken.OrderId);
            if (known is null) unknown.Add(taken);
            else if (IsWanted(taken, known.Value)) Want(taken, known.Value);
        }

        if (unknown.Count == 0) return (newer, leaving);
        var indexed = await index.VersionsAsync(unknown.ConvertAll(taken => taken.OrderId), cancel);
        foreach (var taken in unknown)
        {
            var version = indexed.GetValueOrDefault(taken.OrderId);
            if (IsWanted(taken, version)) Want(taken, version);
            else _known.Remember(taken.Partition, taken.OrderId, version);
        }

        return (newer, leaving);

        void Want(StreamEvent taken, int indexed)
        {
            if (window.Holds(taken.Event.Data)) newer.Add(taken);
            else if (indexed > 0) leaving.Add(taken);
        }
    }

    /// <summary>A rebuild writes the version that is there once more: the document, not its version, is in doubt.</summary>
    private static bool IsWanted(StreamEvent taken, int indexed) =>
        indexed < taken.Version || (indexed == taken.Version && taken.Event.Rebuild is true);

    private async Task IndexAsync(List<StreamEvent> events, List<Rejection> rejected, BatchTrace trace, CancellationToken cancel)
    {
        using var step = trace.Begin(
            "index " + index.Uid,
            events,
            new(IndexerTelemetry.DbSystem, "meilisearch"),
            new(IndexerTelemetry.DbCollection, index.Uid),
            new(IndexerTelemetry.DbOperation, "index"),
            new(IndexerTelemetry.DbBatchSize, events.Count));
        await SendAsync(events, rejected, cancel);
        step.Succeed();
    }

    private async Task SendAsync(List<StreamEvent> events, List<Rejection> rejected, CancellationToken cancel)
    {
        var refused = await index.ReplaceAllAsync(
            events.ConvertAll(taken => OrderDocument.From(taken.Event.Data)), cancel, () => Enqueued(events));
        if (refused.Count == 0) return;
        var byId = events.ToDictionary(taken => taken.OrderId, StringComparer.Ordinal);
        rejected.AddRange(refused.Select(bad => Reject(byId[bad.Document.Id], bad.Why)));
    }

    private void Enqueued(List<StreamEvent> events)
    {
        var now = time.GetUtcNow();
        foreach (var taken in events.Where(taken => taken.IsFresh)) freshness.Record(FreshnessStages.Enqueued, now - taken.Event.Time);
    }

    private static Rejection Reject(StreamEvent taken, string why) =>
        new(taken.Raw, DeadLetterReasons.RejectedBySearch, why, taken.Event.TraceParent);
}

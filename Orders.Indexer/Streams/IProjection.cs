using System.Collections.ObjectModel;

namespace Orders.Indexer.Streams;

/// <summary>
/// What to do with a batch of order events; the stream owns everything else (polling, batching, retries, dead letters,
/// offsets, rebalancing, telemetry). The stream calls one member at a time, except <see cref="Forget"/>.
/// </summary>
internal interface IProjection
{
    /// <summary>Short name, the <c>projection</c> tag of every metric.</summary>
    string Name { get; }

    /// <summary>The Kafka consumer group.</summary>
    string Group { get; }

    /// <summary>
    /// Whether a batch holds every event instead of the newest of each order alone: for targets that keep what happened, not how things
    /// stand. What is a repeat, and what was sent again to mend a copy (<c>rebuild</c>), is the target's to tell.
    /// </summary>
    bool EveryVersion => false;

    /// <summary>How this projection's batches differ from what the options say for all; null: in nothing.</summary>
    BatchShape? Shape => null;

    /// <summary>
    /// Where the stream goes on in partitions that have just been assigned: partition and next offset, for a projection that
    /// keeps its place together with what it writes; whatever is absent goes on at the group's own offset. Called on the polling
    /// thread, within a rebalance; throwing replaces the consumer.
    /// </summary>
    IReadOnlyDictionary<int, long> Positions(IReadOnlyCollection<int> partitions) => ReadOnlyDictionary<int, long>.Empty;

    /// <summary>
    /// Makes the target ready for documents. Called before the first batch and again after every failure, until it returns.
    /// </summary>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>
    /// Returns when the batch is durable in the target. Throws when the target cannot take it: the same batch comes again
    /// after a pause, so applying twice must do no harm.
    /// </summary>
    Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel);

    /// <summary>
    /// The partitions come or go: what is remembered about their orders may be overtaken by another consumer. Called on the
    /// polling thread, never while a batch of these partitions is being applied.
    /// </summary>
    void Forget(IReadOnlyCollection<int> partitions);
}

/// <summary>A projection's own batches.</summary>
/// <param name="EventsMax">Events that make a batch full.</param>
/// <param name="BytesMax">Bytes of events that make it full; the last event may exceed them.</param>
/// <param name="AgeMax">
/// How long a batch that is not full gathers, from its first event's commit: for targets that want few and large writes. What is gathered
/// is in Kafka alone, and goes back when the partitions leave.
/// </param>
internal sealed record BatchShape(int EventsMax, int BytesMax, TimeSpan AgeMax);

/// <summary>What became of a batch.</summary>
/// <param name="Applied">Events whose order the target now shows.</param>
/// <param name="Older">Events dropped because the target already had that version or a newer one.</param>
/// <param name="Rejected">Events that the target can never take.</param>
internal sealed record BatchOutcome(IReadOnlyList<StreamEvent> Applied, int Older, IReadOnlyList<Rejection> Rejected);

/// <summary>An event that can never be used, and why.</summary>
internal sealed record Rejection(RawEvent Raw, string Reason, string Detail, string? TraceParent = null);

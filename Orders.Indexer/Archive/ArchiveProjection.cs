using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Archive;

/// <summary>
/// Every event as it came, in files by day.
/// Invariant: offsets move when all files of a batch lie whole under their names, with their manifests. What was gathered and not yet
/// written is read again from Kafka by the next owner, so a killed process loses nothing; it may write some events a second time.
/// </summary>
internal sealed class ArchiveProjection(
    IArchiveStore store, ArchiveRecords records, IOptions<ArchiveOptions> options, TimeProvider time) : IProjection
{
    public string Name => "archive";

    public string Group => WireNames.Groups.Archive;

    public bool EveryVersion => true;

    public BatchShape? Shape => new(options.Value.FileEventsMax, options.Value.FileBytesMax, options.Value.FileAgeMax);

    public Task PrepareAsync(CancellationToken cancel) => records.DescribeAsync(cancel);

    public void Forget(IReadOnlyCollection<int> partitions)
    {
    }

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        using var step = batch.Trace.Begin(
            "archive events", batch.Events,
            new(IndexerTelemetry.DbOperation, "write"), new(IndexerTelemetry.DbBatchSize, batch.Events.Count));
        var events = batch.Events.ToLookup(taken => taken.Partition);
        var skipped = batch.Malformed.ToLookup(malformed => malformed.Raw.Partition, malformed => malformed.Raw.Offset);
        var written = new ConcurrentBag<ArchiveManifest>();
        var partitions = batch.NextOffsets.Select(entry => (Partition: entry.Key, First: batch.FirstOffsets[entry.Key], Next: entry.Value));
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(partitions, limits, async (window, token) =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
            patience.CancelAfter(options.Value.Timeout);
            var files = ArchiveFile.Compose(
                window.Partition, window.First, window.Next, events[window.Partition], skipped[window.Partition], time.GetUtcNow());
            foreach (var file in files)
            {
                await store.WriteAsync(file.Manifest.File, file.Content, patience.Token);
                await store.WriteAsync(ArchiveManifest.PathOf(file.Manifest.File), file.Manifest.ToJson(), patience.Token);
                written.Add(file.Manifest);
            }
        });
        await records.NoteAsync([.. written], cancel);
        step.Succeed();
        return new BatchOutcome([.. batch.Events], 0, []);
    }
}

using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Caching;

namespace Orders.Indexer.Projections;

/// <summary>
/// Brings every order that is cached to each of its versions, as the bytes that the event carries: they are the bytes that the API
/// answers. It heals what the API's own write after commit missed (a crash, a slow cache). The cache itself refuses older versions,
/// so redelivery needs no care here; a rebuild writes the version that is there once more. What is not cached stays so: the next
/// reader fetches what is newest, which a stream that is behind does not know.
/// </summary>
internal sealed class CacheProjection(OrderCache cache, IOptions<CacheProjectionOptions> options) : IProjection
{
    public string Name => "cache";

    public string Group => WireNames.Groups.Cache;

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public void Forget(IReadOnlyCollection<int> partitions)
    {
    }

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        var applied = new List<StreamEvent>(batch.Events.Count);
        var older = 0;
        using var step = batch.Trace.Begin(
            "cache orders",
            batch.Events,
            new(IndexerTelemetry.DbSystem, "redis"),
            new(IndexerTelemetry.DbOperation, "EVAL"),
            new(IndexerTelemetry.DbBatchSize, batch.Events.Count));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        foreach (var chunk in batch.Events.Chunk(options.Value.Parallelism))
        {
            limit.CancelAfter(options.Value.Timeout);
            var stored = await Task.WhenAll(chunk.Select(taken =>
                cache.FollowAsync(
                taken.OrderId, taken.Version, taken.Data, again: taken.Event.Rebuild is true, limit.Token)));
            for (var i = 0; i < chunk.Length; i++)
            {
                if (stored[i]) applied.Add(chunk[i]);
                else older++;
            }
        }

        step.Succeed();
        return new BatchOutcome(applied, older, []);
    }
}

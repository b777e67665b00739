using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Analytics;

/// <summary>
/// Facts and rollups of all orders, exactly once.
/// Invariants:
/// 1. What a batch changes and the place after it are one transaction; a consumer goes on at the place in the table, not at the
///    group's in Kafka, so nothing is counted twice or left out, wherever a process dies.
/// 2. A transaction first locks its partitions' places and finds them where this consumer has left them. One that was frozen and
///    has lost its partitions finds that they have moved, writes nothing and begins anew.
/// </summary>
internal sealed class AnalyticsProjection(
    AnalyticsStore store, IOptions<AnalyticsOptions> options, IOptions<StreamOptions> streams) : IProjection
{
    /// <summary>Names that become keys of an index have a bound; far more than any of ours.</summary>
    private const int NameLengthMax = 200;

    /// <summary>What a batch may find in the table: where it was read at the assignment, or left by the batch before.</summary>
    private readonly ConcurrentDictionary<int, long> _positions = new();

    public string Name => "analytics";

    public string Group => WireNames.Groups.Analytics;

    public BatchShape Shape { get; } = new(streams.Value.BatchEventsMax, streams.Value.BatchBytesMax, options.Value.BatchAgeMax);

    public IReadOnlyDictionary<int, long> Positions(IReadOnlyCollection<int> partitions)
    {
        var stored = store.ReadPositions(partitions);
        foreach (var (partition, next) in stored) _positions[partition] = next;
        return stored;
    }

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public void Forget(IReadOnlyCollection<int> partitions)
    {
        foreach (var partition in partitions) _positions.TryRemove(partition, out _);
    }

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        var places = batch.NextOffsets.Select(entry => new Place(entry.Key, _positions.GetValueOrDefault(entry.Key), entry.Value)).ToList();
        var usable = batch.Events.ToLookup(IsUsable);
        var events = usable[true].ToList();
        using var step = batch.Trace.Begin(
            "count orders",
            batch.Events,
            new(IndexerTelemetry.DbSystem, "postgresql"),
            new(IndexerTelemetry.DbCollection, "analytics.order_facts"),
            new(IndexerTelemetry.DbOperation, "SELECT analytics.take"),
            new(IndexerTelemetry.DbBatchSize, events.Count));
        var taken = await store.TakeAsync(places, events, cancel);
        step.Succeed();
        foreach (var place in places) _positions[place.Partition] = place.Following;
        var applied = events.FindAll(entry => taken.Contains(entry.OrderId));
        return new BatchOutcome(applied, events.Count - applied.Count, [.. usable[false].Select(Reject)]);
    }

    /// <summary>What the tables cannot hold is known beforehand; it must not stop the stream.</summary>
    private static bool IsUsable(StreamEvent taken)
    {
        var order = taken.Event.Data;
        return IsName(order.Id) && IsName(order.Customer.Id) && IsName(order.Channel) && IsName(order.Destination.CityDistrict)
            && IsName(order.Currency) && IsText(order.Number) && IsText(order.Destination.Postcode) && IsText(order.DiscountCode)
            && IsText(order.Payment?.Method)
            && order.Items.All(item => IsName(item.ProductId) && IsName(item.Category) && IsText(item.Sku) && IsText(item.Name))
            && order.Items.DistinctBy(item => item.Line).Count() == order.Items.Count;
    }

    private static bool IsName(string text) => text.Length <= NameLengthMax && IsText(text);

    /// <summary>The database takes no U+0000.</summary>
    private static bool IsText(string? text) => text?.Contains('\0', StringComparison.Ordinal) is not true;

    private static Rejection Reject(StreamEvent taken) => new(
        taken.Raw, DeadLetterReasons.InvalidField, "two lines have one number, or a text cannot be stored", taken.Event.TraceParent);
}

/// <summary>How far a partition has been taken.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Expected">The next offset before the batch.</param>
/// <param name="Following">The next offset after it.</param>
internal sealed record Place(int Partition, long Expected, long Following);

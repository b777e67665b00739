using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Notes for every event who is to be told. Offsets move when that is durable, so from then on the delivery depends on the
/// database alone, and a receiver that is away for days misses nothing. Every version counts: a receiver hears of each change.
/// Events brought again find their rows, so redelivery needs no care here.
/// </summary>
internal sealed class WebhookProjection(
    DeliveryRecords records, DispatchBell bell, IOptions<WebhookOptions> options, IOptions<StreamOptions> streams) : IProjection
{
    /// <summary>Far more than an id of ours; what is an index key and a header must have a bound.</summary>
    private const int IdLengthMax = 200;

    public string Name => "webhooks";

    public string Group => WireNames.Groups.Webhooks;

    public bool EveryVersion => true;

    public BatchShape Shape { get; } = new(streams.Value.BatchEventsMax, streams.Value.BatchBytesMax, options.Value.BatchAgeMax);

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public void Forget(IReadOnlyCollection<int> partitions)
    {
    }

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        var usable = batch.Events.ToLookup(taken => IsUsable(taken));
        var rejected = usable[false].Select(Reject).ToList();
        // What is sent again to mend a copy is no news to a subscriber; the original is in the batch beside it, or was before.
        var events = usable[true].Where(taken => taken.Event.Rebuild is not true).ToList();
        if (events.Count == 0) return new BatchOutcome([], 0, rejected);

        var matches = await records.MatchAsync(events, cancel);
        var wanted = matches.Select(match => match.Index).Distinct().Order().ToList();
        if (wanted.Count == 0) return new BatchOutcome([], 0, rejected);

        var matched = wanted.ConvertAll(index => events[index]);
        await RecordAsync(batch.Trace, matched, Places(matches, wanted), cancel);
        bell.RingForNews();
        return new BatchOutcome(matched, 0, rejected);
    }

    private async Task RecordAsync(
        BatchTrace trace, List<StreamEvent> matched, List<(int Index, string SubscriptionId)> deliveries, CancellationToken cancel)
    {
        using var step = trace.Begin(
            "record webhooks",
            matched,
            new(IndexerTelemetry.DbSystem, "postgresql"),
            new(IndexerTelemetry.DbCollection, "webhook_deliveries"),
            new(IndexerTelemetry.DbOperation, "INSERT"),
            new(IndexerTelemetry.DbBatchSize, deliveries.Count));
        await records.RecordAsync(matched, deliveries, cancel);
        step.Succeed();
    }

    /// <summary>The matches with indexes into the wanted events, in the order of the stream.</summary>
    private static List<(int Index, string SubscriptionId)> Places(List<(int Index, string SubscriptionId)> matches, List<int> wanted) =>
        [.. matches.OrderBy(match => match.Index).Select(match => (wanted.BinarySearch(match.Index), match.SubscriptionId))];

    private static bool IsUsable(StreamEvent taken) =>
        IsId(taken.Event.Id) && IsId(taken.Event.Type) && IsText(taken.OrderId) && IsText(taken.Event.Data.Customer.Id)
        && (taken.Event.TraceParent is null || IsText(taken.Event.TraceParent));

    private static bool IsId(string text) => text.Length is > 0 and <= IdLengthMax && text.All(letter => letter is > ' ' and <= '~');

    /// <summary>The database takes no U+0000.</summary>
    private static bool IsText(string text) => text.Length <= IdLengthMax && !text.Contains('\0', StringComparison.Ordinal);

    private static Rejection Reject(StreamEvent taken) => new(
        taken.Raw, DeadLetterReasons.InvalidField, "id, type, subject, data.customer.id or traceparent cannot be stored",
        taken.Event.TraceParent);
}

using System.Diagnostics;
using Orders.Contracts;

namespace Orders.Indexer.Streams;

/// <summary>
/// The spans of one batch: one for the batch, linked to the events' traces, and for each event of a sampled trace one that
/// continues that trace, so that a single trace leads from the HTTP request to the document.
/// </summary>
internal sealed class BatchTrace : IDisposable
{
    /// <summary>What exporters keep of a span's links by default; more would be dropped there.</summary>
    private const int LinksMax = 128;

    private const string Process = "process " + WireNames.Topics.OrderEvents;

    private readonly Activity? _batch;
    private readonly List<(StreamEvent Event, Activity Span)> _events = [];

    private BatchTrace(Activity? batch) => _batch = batch;

    /// <summary>Records nothing.</summary>
    public static BatchTrace None { get; } = new(null);

    public static BatchTrace Start(EventBatch batch, string group, int tracedMax)
    {
        var ambient = Activity.Current;
        Activity.Current = null;
        var sampled = batch.Events
            .Select(taken => (Event: taken, Parent: taken.Sampled)).Where(taken => taken.Parent is not null).Take(tracedMax).ToList();
        var links = sampled.Take(LinksMax).Select(taken => new ActivityLink(taken.Parent!.Value));
        var trace = new BatchTrace(IndexerTelemetry.Source.StartActivity(
            ActivityKind.Consumer, default, [.. Common(group), new(IndexerTelemetry.MessageCount, batch.Taken)], links, default, Process));
        foreach (var (taken, parent) in sampled) trace.Continue(taken, parent!.Value, group);
        Activity.Current = trace._batch ?? ambient;
        return trace;
    }

    /// <summary>
    /// Starts a child span for every traced event among <paramref name="events"/> and makes the first one current, so that
    /// the calls made until <see cref="Step.Dispose"/> show in the trace of one of the batch's orders.
    /// </summary>
    public Step Begin(string name, IReadOnlyCollection<StreamEvent> events, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var wanted = events.Count == _events.Count ? null : events.ToHashSet();
        var spans = new List<Activity>();
        var ambient = Activity.Current;
        foreach (var (taken, parent) in _events)
        {
            if (wanted is not null && !wanted.Contains(taken)) continue;
            var span = IndexerTelemetry.Source.StartActivity(name, ActivityKind.Client, parent.Context);
            if (span is null) continue;
            foreach (var tag in tags) span.SetTag(tag.Key, tag.Value);
            spans.Add(span);
        }

        Activity.Current = spans.Count > 0 ? spans[0] : _batch;
        return new Step(spans, ambient);
    }

    /// <summary>Marks the batch's own span as failed for now; it stays open for the next try.</summary>
    public void Failed(Exception error) => _batch?.AddException(error);

    public void Dispose()
    {
        foreach (var (_, span) in _events) span.Dispose();
        _batch?.Dispose();
    }

    private static KeyValuePair<string, object?>[] Common(string group) =>
    [
        new(IndexerTelemetry.MessagingSystem, "kafka"),
        new(IndexerTelemetry.OperationName, "process"),
        new(IndexerTelemetry.OperationType, "process"),
        new(IndexerTelemetry.Destination, WireNames.Topics.OrderEvents),
        new(IndexerTelemetry.ConsumerGroup, group),
    ];

    private void Continue(StreamEvent taken, ActivityContext parent, string group)
    {
        KeyValuePair<string, object?>[] tags =
        [
            .. Common(group),
            new(IndexerTelemetry.Partition, taken.Partition.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new(IndexerTelemetry.Offset, taken.Raw.Offset),
            new(IndexerTelemetry.MessageKey, taken.OrderId),
            new(IndexerTelemetry.MessageId, taken.Event.Id),
            new(IndexerTelemetry.OrderVersion, taken.Version),
        ];
        var span = IndexerTelemetry.Source.StartActivity(ActivityKind.Consumer, parent, tags, null, taken.ReceivedAt, Process);
        if (span is not null) _events.Add((taken, span));
    }

    /// <summary>One step of the batch's work, in every trace that it belongs to.</summary>
    public sealed class Step(List<Activity> spans, Activity? ambient) : IDisposable
    {
        private bool _succeeded;

        public void Succeed() => _succeeded = true;

        public void Dispose()
        {
            foreach (var span in spans)
            {
                if (!_succeeded) span.SetStatus(ActivityStatusCode.Error);
                span.Dispose();
            }

            Activity.Current = ambient;
        }
    }
}

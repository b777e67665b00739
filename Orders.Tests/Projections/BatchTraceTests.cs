using System.Diagnostics;
using Orders.Indexer;
using Orders.Indexer.Streams;

namespace Orders.Tests.Projections;

[Unit]
public sealed class BatchTraceTests : IDisposable
{
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;

    public BatchTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IndexerTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_ended) _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void An_events_spans_continue_the_trace_that_caused_it()
    {
        var (trace, parent) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        var batch = Batch(Event("a", $"00-{trace}-{parent}-01", offset: 41));

        string? during;
        using (var spans = BatchTrace.Start(batch, "orders-search", tracedMax: 10))
        {
            using var step = spans.Begin("index orders", batch.Events);
            during = Activity.Current?.OperationName;
            step.Succeed();
        }

        var process = Assert.Single(Ended(trace), span => span.OperationName == "process orders.events");
        Assert.Equal((ActivityKind.Consumer, parent), (process.Kind, process.ParentSpanId));
        Assert.Equal("kafka", process.GetTagItem("messaging.system"));
        Assert.Equal("orders-search", process.GetTagItem("messaging.consumer.group.name"));
        Assert.Equal(41L, process.GetTagItem("messaging.kafka.offset"));
        var index = Assert.Single(Ended(trace), span => span.OperationName == "index orders");
        Assert.Equal(process.SpanId, index.ParentSpanId);
        Assert.Equal("index orders", during);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void The_batchs_own_span_links_to_every_trace_up_to_what_exporters_keep()
    {
        var traces = Enumerable.Range(0, 200).Select(_ => ActivityTraceId.CreateRandom()).ToList();
        var batch = Batch([.. traces.Select((trace, i) => Event($"o-{i}", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01", i))]);

        BatchTrace.Start(batch, "orders-links", tracedMax: 150).Dispose();

        var own = Assert.Single(Ended(), span =>
            span.Links.Any() && Equals(span.GetTagItem("messaging.consumer.group.name"), "orders-links"));
        Assert.Equal(traces.Take(128), own.Links.Select(link => link.Context.TraceId));
        Assert.Equal(200, own.GetTagItem("messaging.batch.message_count"));
        Assert.Equal(150, traces.Sum(trace => Ended(trace).Count));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    public void What_was_not_sampled_gets_no_span(string? traceParent)
    {
        // The listener hears what other tests do at the same time: the group is this one's own.
        var group = $"orders-{Guid.NewGuid()}";
        var batch = Batch(Event("a", traceParent, 0));

        BatchTrace.Start(batch, group, tracedMax: 10).Dispose();

        Assert.Empty(Ended(ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c")));
        Assert.Single(Ended(), span => Equals(span.GetTagItem("messaging.consumer.group.name"), group));
    }

    private List<Activity> Ended(ActivityTraceId? trace = null)
    {
        lock (_ended) return _ended.FindAll(span => trace is null || span.TraceId == trace);
    }

    private static StreamEvent Event(string id, string? traceParent, long offset) =>
        EventDecoder.Decode(Sample.Raw(Sample.Event(id) with { TraceParent = traceParent }, offset: offset), Sample.Noon, out _)!;

    private static EventBatch Batch(params StreamEvent[] events)
    {
        var batch = new EventBatch(eventsMax: 1000, bytesMax: long.MaxValue);
        foreach (var taken in events) batch.Add(taken);
        return batch;
    }
}

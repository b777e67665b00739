using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orders.Api.Outbox;

/// <summary>How far the stream of events is behind the database, and what the relay is doing about it.</summary>
internal sealed class OutboxMetrics
{
    public static readonly ActivitySource Source = new("Orders.Api.Outbox");

    private static readonly double[] DelayBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    private readonly Counter<long> _published;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _sessions;
    private readonly Histogram<double> _delay;
    private readonly Histogram<double> _sequenceDelay;
    private long _lagBytes;
    private int _leading;

    public OutboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api.Outbox");
        _published = meter.CreateCounter<long>("orders.outbox.published", "{event}", "Events acknowledged by Kafka");
        _failed = meter.CreateCounter<long>("orders.outbox.failed", "{event}", "Deliveries that failed; each ends a relay session");
        _sessions = meter.CreateCounter<long>("orders.outbox.sessions", "{session}", "Relay sessions, by how they ended");
        _delay = meter.CreateHistogram("orders.outbox.delay", "s", "Commit to acknowledgement by Kafka",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DelayBuckets });
        _sequenceDelay = meter.CreateHistogram("orders.changes.delay", "s", "Commit to being in the change feed",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DelayBuckets });
        meter.CreateObservableGauge("orders.outbox.lag", () => Volatile.Read(ref _lagBytes), "By",
            "Write-ahead log between the newest commit and what the slot has confirmed");
        meter.CreateObservableGauge("orders.outbox.leading", () => Volatile.Read(ref _leading), "{relay}",
            "1 while this process holds the slot");
    }

    public void Published(TimeSpan delay)
    {
        _published.Add(1);
        _delay.Record(Math.Max(0, delay.TotalSeconds));
    }

    public void Sequenced(TimeSpan delay) => _sequenceDelay.Record(Math.Max(0, delay.TotalSeconds));

    public void Failed() => _failed.Add(1);

    public void SessionEnded(string how) => _sessions.Add(1, new KeyValuePair<string, object?>("end", how));

    public void Lag(long bytes) => Volatile.Write(ref _lagBytes, bytes);

    public void Leading(bool leading) => Volatile.Write(ref _leading, leading ? 1 : 0);
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Api.Outbox;

/// <summary>How far the stream of events is behind the database, and what the relay is doing about it.</summary>
internal sealed class OutboxMetrics
{
    public static readonly ActivitySource Source = new("Orders.Api.Outbox");

    private static readonly double[] DelayBuckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

    private readonly Counter<long> _published;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _sessions;
    private readonly Histogram<double> _delay;
    private readonly Histogram<double> _sequenceDelay;
    private readonly Counter<long> _partitionsKept;
    private SlotState _slot;
    private long _lagTicks;
    private int _leading;

    private readonly FreshnessBoard _freshness;

    public OutboxMetrics(IMeterFactory meters, FreshnessBoard freshness)
    {
        _freshness = freshness;
        var meter = meters.Create("Orders.Api.Outbox");
        _published = meter.CreateCounter<long>("orders.outbox.published", "{event}", "Events acknowledged by Kafka");
        _failed = meter.CreateCounter<long>("orders.outbox.failed", "{event}", "Deliveries that failed; each ends a relay session");
        _refused = meter.CreateCounter<long>(
            "orders.outbox.refused", "{event}", "Events that Kafka refused and that were set aside, by reason");
        _sessions = meter.CreateCounter<long>("orders.outbox.sessions", "{session}", "Relay sessions, by how they ended");
        _delay = meter.CreateHistogram("orders.outbox.delay", "s", "Commit to acknowledgement by Kafka",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DelayBuckets });
        _sequenceDelay = meter.CreateHistogram("orders.changes.delay", "s", "Commit to being in the change feed",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DelayBuckets });
        _partitionsKept = meter.CreateCounter<long>("orders.outbox.partitions.kept", "{look}",
            "Looks at a partition past its retention that holds unpublished events; should stay 0");
        meter.CreateObservableGauge("orders.outbox.lag", () => _slot.LagBytes, "By",
            "Write-ahead log between the newest commit and what the slot has confirmed");
        meter.CreateObservableGauge("orders.outbox.lag.time", () => TimeSpan.FromTicks(Volatile.Read(ref _lagTicks)).TotalSeconds, "s",
            "Age of the oldest event that is read and not published");
        meter.CreateObservableGauge("orders.outbox.retained", () => _slot.RetainedBytes, "By",
            "Write-ahead log that is kept because of the slot");
        meter.CreateObservableGauge("orders.outbox.safe", Safe, "By",
            "Write-ahead log that can still be written before the slot may be lost; absent without such a bound");
        meter.CreateObservableGauge("orders.outbox.spilled", () => _slot.SpilledBytes, "By",
            "Transactions that were too large for the decoder's memory, in bytes written to disk");
        meter.CreateObservableGauge("orders.outbox.set_aside", () => _slot.SetAside, "{event}",
            "Events that Kafka refused and that wait to be retried or discarded; should stay 0");
        meter.CreateObservableGauge("orders.outbox.leading", () => Volatile.Read(ref _leading), "{relay}",
            "1 while this process holds the slot");
    }

    public void Published(TimeSpan delay)
    {
        _published.Add(1);
        _freshness.Record(FreshnessStages.Kafka, delay);
        _delay.Record(Math.Max(0, delay.TotalSeconds));
    }

    public void Sequenced(TimeSpan delay) => _sequenceDelay.Record(Math.Max(0, delay.TotalSeconds));

    public void Failed() => _failed.Add(1);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void SessionEnded(string how) => _sessions.Add(1, new KeyValuePair<string, object?>("end", how));

    public void Slot(SlotState slot, TimeSpan lag)
    {
        _slot = slot;
        Volatile.Write(ref _lagTicks, lag.Ticks);
    }

    public void PartitionKept() => _partitionsKept.Add(1);

    private IEnumerable<Measurement<long>> Safe() => _slot.SafeBytes is { } bytes ? [new Measurement<long>(bytes)] : [];

    public void Leading(bool leading) => Volatile.Write(ref _leading, leading ? 1 : 0);
}

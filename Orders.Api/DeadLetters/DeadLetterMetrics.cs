using System.Collections.ObjectModel;
using System.Diagnostics.Metrics;

namespace Orders.Api.DeadLetters;

/// <summary>What there is of dead letters, and what becomes of them.</summary>
internal sealed class DeadLetterMetrics
{
    private readonly Counter<long> _copied;
    private readonly Counter<long> _sent;
    private volatile IReadOnlyDictionary<string, long> _open = ReadOnlyDictionary<string, long>.Empty;

    public DeadLetterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api.DeadLetters");
        _copied = meter.CreateCounter<long>("orders.dead_letters.copied", "{letter}", "Dead letters that were copied into the database");
        _sent = meter.CreateCounter<long>("orders.dead_letters.sent", "{letter}", "Records that were sent again, by topic");
        meter.CreateObservableGauge("orders.dead_letters.open",
            () => _open.Select(entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("topic", entry.Key))),
            "{letter}", "Dead letters that nobody has settled, by topic");
    }

    public void Copied(int count) => _copied.Add(Math.Max(0, count));

    public void Sent(string topic) => _sent.Add(1, new KeyValuePair<string, object?>("topic", topic));

    /// <summary>Open letters, as they were counted last.</summary>
    public long Open => _open.Values.Sum();

    public void SetOpen(IReadOnlyDictionary<string, long> open) => _open = open;
}

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Orders.Indexer.Drift;

/// <summary>What the comparison finds, in orders; of sums in rows. 0 when all agree.</summary>
internal sealed class DriftMetrics
{
    private readonly ConcurrentDictionary<string, long> _standing = new(StringComparer.Ordinal);
    private readonly Counter<long> _found;
    private readonly Counter<long> _repaired;
    private readonly Counter<long> _compared;

    public DriftMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(IndexerTelemetry.Name);
        meter.CreateObservableGauge("orders.drift", () => _standing.Select(entry => new Measurement<long>(entry.Value, Tag(entry.Key))),
            "{order}", "Orders that differed from the database at the last comparison, by target; repaired ones count until the next");
        _found = meter.CreateCounter<long>("orders.drift.found", "{order}", "Orders that differed, by target and how");
        _repaired = meter.CreateCounter<long>("orders.drift.repaired", "{order}", "Orders that were repaired, by target");
        _compared = meter.CreateCounter<long>("orders.drift.compared", "{order}", "Orders that were compared, by target");
    }

    public void Compared(string target, long orders) => _compared.Add(orders, Tag(target));

    public void Found(string target, string how, long orders)
    {
        if (orders > 0) _found.Add(orders, Tag(target), new KeyValuePair<string, object?>("how", how));
    }

    public void Repaired(string target, long orders) => _repaired.Add(orders, Tag(target));

    /// <summary>What a pass has found so far, or in the end.</summary>
    public void Standing(string target, long orders) => _standing[target] = orders;

    /// <summary>Targets that differed at the last comparison, with how many.</summary>
    public IReadOnlyList<(string Target, long Orders)> Differing() =>
        [.. _standing.Where(entry => entry.Value > 0).Select(entry => (entry.Key, entry.Value)).OrderBy(entry => entry.Key)];

    /// <summary>Before a pass ends only what is more than the last one found is news.</summary>
    public void StandingAtLeast(string target, long orders) =>
        _standing.AddOrUpdate(target, orders, (_, known) => Math.Max(known, orders));

    private static KeyValuePair<string, object?> Tag(string target) => new("target", target);
}

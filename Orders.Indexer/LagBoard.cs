using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Orders.Indexer;

/// <summary>The latest lag of every partition that this process owns, for the gauges. Written by the consumers, read by
/// the exporter.</summary>
internal sealed class LagBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Group, int Partition), long> _records = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset?> _oldest = new(StringComparer.Ordinal);

    public void Set(string group, int partition, long records) => _records[(group, partition)] = records;

    /// <summary>Commit time of the oldest event that is taken but not durable; null when there is none.</summary>
    public void SetOldest(string group, DateTimeOffset? committedAt) => _oldest[group] = committedAt;

    /// <summary>What <see cref="SetOldest"/> was told last.</summary>
    public DateTimeOffset? Oldest(string group) => _oldest.GetValueOrDefault(group);

    /// <summary>The partitions are no longer this process's to report.</summary>
    public void Forget(string group, IEnumerable<int> partitions)
    {
        foreach (var partition in partitions) _records.TryRemove((group, partition), out _);
    }

    public IEnumerable<Measurement<long>> Records() =>
        _records.Select(entry => new Measurement<long>(
            entry.Value,
            new KeyValuePair<string, object?>("group", entry.Key.Group),
            new KeyValuePair<string, object?>("partition", entry.Key.Partition)));

    public IEnumerable<Measurement<double>> Seconds() =>
        _oldest.Select(entry => new Measurement<double>(
            entry.Value is { } since ? Math.Max(0, (time.GetUtcNow() - since).TotalSeconds) : 0,
            new KeyValuePair<string, object?>("group", entry.Key)));
}

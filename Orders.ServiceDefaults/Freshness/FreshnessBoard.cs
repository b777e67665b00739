using System.Collections.Concurrent;

namespace Orders.ServiceDefaults.Freshness;

/// <summary>The places that a change is stamped at on its way; each delay counts from its commit.</summary>
public static class FreshnessStages
{
    /// <summary>Kafka has acknowledged the event.</summary>
    public const string Kafka = "kafka";

    /// <summary>The search engine has taken the task with its document.</summary>
    public const string Enqueued = "search_enqueued";

    /// <summary>A search finds it: the task has finished. Other projections have their own names: <c>cache</c>, <c>analytics</c>.</summary>
    public const string Search = "search";

    /// <summary>The same seen from outside: every few seconds a change is looked for until the search engine shows it.</summary>
    public const string Canary = "canary";
}

/// <summary>Counts delays of this process until they are written down. Every change counts, none is sampled.</summary>
public sealed class FreshnessBoard
{
    private readonly ConcurrentDictionary<string, long[]> _stages = new(StringComparer.Ordinal);

    public void Record(string stage, TimeSpan delay)
    {
        var counts = _stages.GetOrAdd(stage, static _ => new long[FreshnessBuckets.Count]);
        Interlocked.Increment(ref counts[FreshnessBuckets.Of(delay)]);
    }

    /// <summary>What was counted since the last time, by stage; stages without any are left out.</summary>
    public IReadOnlyList<(string Stage, long[] Counts)> Take()
    {
        var taken = new List<(string, long[])>();
        foreach (var (stage, counts) in _stages)
        {
            var copy = new long[counts.Length];
            for (var bucket = 0; bucket < copy.Length; bucket++) copy[bucket] = Interlocked.Exchange(ref counts[bucket], 0);
            if (copy.Any(count => count > 0)) taken.Add((stage, copy));
        }

        return taken;
    }

    /// <summary>Puts back what could not be written down.</summary>
    public void Return(string stage, long[] counts)
    {
        var kept = _stages.GetOrAdd(stage, static _ => new long[FreshnessBuckets.Count]);
        for (var bucket = 0; bucket < counts.Length; bucket++) Interlocked.Add(ref kept[bucket], counts[bucket]);
    }
}

namespace Orders.ServiceDefaults.Freshness;

/// <summary>
/// Delays in buckets, each a fifth wider than the one before: from 1 ms to 20 minutes in 78 numbers, so that counts of many processes and
/// minutes add up and a percentile is off by a tenth at most.
/// </summary>
public static class FreshnessBuckets
{
    private const double First = 0.001;
    private const double Growth = 1.2;

    /// <summary>How many. The last one holds everything longer.</summary>
    public const int Count = 78;

    public static int Of(TimeSpan delay) =>
        delay.TotalSeconds <= First ? 0 : Math.Min(Count - 1, (int)Math.Ceiling(Math.Log(delay.TotalSeconds / First, Growth)));

    /// <summary>The delay, in seconds, that the share of all is at or below; null when there are none.</summary>
    /// <param name="counts">How many delays each bucket has.</param>
    /// <param name="share">0 to 1: 0.99 for the 99th percentile.</param>
    public static double? Percentile(IReadOnlyList<long> counts, double share)
    {
        var wanted = Math.Max(1, (long)Math.Ceiling(counts.Sum() * share));
        long passed = 0;
        for (var bucket = 0; bucket < counts.Count; bucket++)
        {
            if (passed + counts[bucket] < wanted)
            {
                passed += counts[bucket];
                continue;
            }

            // Evenly spread within the bucket, as good as anything.
            var lower = bucket == 0 ? 0 : First * Math.Pow(Growth, bucket - 1);
            var upper = First * Math.Pow(Growth, bucket);
            return lower + ((upper - lower) * (wanted - passed) / counts[bucket]);
        }

        return null;
    }
}

namespace Orders.Tests.Simulation;

internal static class Statistics
{
    /// <summary>
    /// Pearson's chi-square: counts against expected shares. The bound is the statistic's mean plus five standard deviations,
    /// far outside chance; a wrong weight exceeds it by orders of magnitude at these sample sizes.
    /// </summary>
    public static void AssertShares<T>(IEnumerable<T> observed, IReadOnlyDictionary<T, double> weights)
        where T : notnull
    {
        var counts = observed.CountBy(value => value).ToDictionary(pair => pair.Key, pair => pair.Value);
        var unknown = counts.Keys.Except(weights.Keys).ToList();
        Assert.True(unknown.Count == 0, "drawn but not expected: " + string.Join(", ", unknown));

        var (total, sum) = (counts.Values.Sum(), weights.Values.Sum());
        var statistic = weights.Sum(pair =>
        {
            var expected = total * pair.Value / sum;
            return Math.Pow(counts.GetValueOrDefault(pair.Key) - expected, 2) / expected;
        });
        var freedom = weights.Count - 1;
        var bound = freedom + (5 * Math.Sqrt(2 * freedom));
        Assert.True(statistic < bound, $"chi-square {statistic:F1} exceeds {bound:F1}: "
            + string.Join(", ", weights.Keys.Select(key => $"{key} {counts.GetValueOrDefault(key)}")));
    }
}

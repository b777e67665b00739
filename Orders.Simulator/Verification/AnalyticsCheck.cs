using System.Globalization;

namespace Orders.Simulator.Verification;

/// <summary>
/// The rollups of the run's channel against the model, hour by hour, every measure to the cent. Analytics may be behind: it is waited for
/// as long as patience lasts.
/// </summary>
internal sealed class AnalyticsCheck(
    PatientApi api, AnalyticsReader reader, OrderComparer comparer, Findings findings, VerifyProgress progress, TimeProvider time)
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    private static readonly (string Name, Func<HourSums, decimal> Of)[] Measures =
    [
        ("orders", sums => sums.Orders), ("items", sums => sums.Items), ("revenue", sums => sums.Revenue),
        ("discount", sums => sums.Discount), ("shipping", sums => sums.Shipping), ("tax", sums => sums.Tax),
        ("refunded", sums => sums.Refunded), ("cancelled", sums => sums.Cancelled), ("cancelled_amount", sums => sums.CancelledAmount),
    ];

    public async Task RunAsync(CancellationToken cancel)
    {
        var expected = reader.Expected(cancel);
        progress.Begin(Places.Analytics, expected.Count);
        if (expected.Count == 0) return;
        var started = time.GetTimestamp();
        for (var pause = FirstLook; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            var differences = Differences(expected, await reader.ReadAsync(expected.Keys.First(), expected.Keys.Last(), cancel));
            if (differences.Count == 0 || time.GetElapsedTime(started) >= api.Patience)
            {
                findings.Looked(Places.Analytics, expected.Count * Measures.Length);
                progress.Advance(expected.Count);
                foreach (var difference in differences) findings.Add(difference);
                return;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    private List<Difference> Differences(SortedDictionary<DateTimeOffset, HourSums> expected, List<HourSums> found)
    {
        var differences = new List<Difference>();
        foreach (var (bucket, sums) in expected)
        {
            var there = found.Find(hour => hour.Bucket == bucket && hour.Currency == sums.Currency);
            foreach (var (name, of) in Measures)
            {
                if (there is null || of(there) != of(sums)) differences.Add(Sum(bucket, name, of(sums), there is null ? null : of(there)));
            }
        }

        foreach (var hour in found.Where(hour => hour.Orders != 0
            && (!expected.TryGetValue(hour.Bucket, out var sums) || sums.Currency != hour.Currency)))
            differences.Add(Sum(hour.Bucket, "orders", 0, hour.Orders));
        return differences;
    }

    private Difference Sum(DateTimeOffset bucket, string name, decimal expected, decimal? found) => new(
        Places.Analytics, "sum", comparer.Plan.Channel, null,
        string.Create(CultureInfo.InvariantCulture, $"{name} of {bucket.UtcDateTime:yyyy-MM-dd'T'HH}"),
        expected.ToString(CultureInfo.InvariantCulture), found?.ToString(CultureInfo.InvariantCulture) ?? JsonDifferences.Nothing);
}

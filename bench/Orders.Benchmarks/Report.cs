using System.Globalization;

namespace Orders.Benchmarks;

internal static class Report
{
    /// <summary>Prints a ratio of two rates of the same run and answers whether it reaches the bar.</summary>
    public static bool Ratio(string what, double rate, string reference, double referenceRate, double bar)
    {
        var ratio = rate / referenceRate;
        var verdict = ratio >= bar ? "reached" : "NOT reached";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {rate:F0}/s = {ratio:P0} of {reference} ({referenceRate:F0}/s); bar {bar:P0}: {verdict}"));
        return ratio >= bar;
    }

    /// <summary>Prints percentiles of delays in milliseconds and answers whether they keep within the bars.</summary>
    public static bool Delay(string what, List<double> delays, double p50, double p99)
    {
        delays.Sort();
        var (half, most) = (At(0.5), At(0.99));
        var reached = half <= p50 && most <= p99;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: p50 {half:F0} ms, p95 {At(0.95):F0} ms, p99 {most:F0} ms; bars {p50:F0} and {p99:F0} ms: ")
            + (reached ? "reached" : "NOT reached"));
        return reached;

        double At(double share) => delays.Count == 0 ? double.NaN : delays[Math.Min(delays.Count - 1, (int)(delays.Count * share))];
    }
}

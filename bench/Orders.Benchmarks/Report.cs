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

    /// <summary>Prints percentiles of delays in milliseconds and answers whether they keep within the bars; NaN: there is no bar.</summary>
    public static bool Delay(string what, List<double> delays, double p50, double p99)
    {
        delays.Sort();
        return Delay(what,
            share => delays.Count == 0 ? double.NaN : delays[Math.Min(delays.Count - 1, (int)(delays.Count * share))], p50, p99);
    }

    /// <param name="what">What took that long.</param>
    /// <param name="at">The delay, in milliseconds, that a share of all is at or below.</param>
    /// <param name="p50">The bar for one half.</param>
    /// <param name="p99">The bar for 99 of 100.</param>
    public static bool Delay(string what, Func<double, double> at, double p50, double p99)
    {
        var (half, most) = (at(0.5), at(0.99));
        var reached = half <= p50 && most <= p99;
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{what}: p50 {half:F0} ms, p95 {at(0.95):F0} ms, p99 {most:F0} ms"));
        Console.WriteLine(double.IsNaN(p50) ? "" : string.Create(CultureInfo.InvariantCulture, $"; bars {p50:F0} and {p99:F0} ms: ")
            + (reached ? "reached" : "NOT reached"));
        return reached;
    }
}

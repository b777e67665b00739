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
}

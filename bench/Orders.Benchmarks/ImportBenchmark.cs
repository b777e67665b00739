using System.Globalization;

namespace Orders.Benchmarks;

/// <summary>Importing orders against placing them, in turns; then a long import and exports with a look at the api's memory.</summary>
internal static class ImportBenchmark
{
    private const double Bar = 10;
    private const int Rounds = 3;
    private const int Lines = 20_000;

    public static async Task<bool> RunAsync(RunningOrders orders, ImportShop shop, TimeSpan duration, int longLines)
    {
        await shop.PlaceAsync(16, TimeSpan.FromSeconds(3));
        await shop.ImportAsync(2000);
        await shop.IsIndexedAsync();
        List<double> one = [], many = [], imports = [];
        for (var round = 1; round <= Rounds; round++)
        {
            one.Add(await shop.PlaceAsync(1, duration / Rounds));
            many.Add(await shop.PlaceAsync(16, duration / Rounds));
            await shop.IsIndexedAsync();
            imports.Add(await shop.ImportAsync(Lines));
            await shop.IsIndexedAsync();
            Say($"  round {round}: placing one by one {one[^1]:0}/s, 16 at a time {many[^1]:0}/s; import {imports[^1]:0}/s");
        }

        var reached = Report.Ratio("importing", Median(imports), "placing one by one", Median(one), Bar);
        Report.Ratio("importing", Median(imports), "placing 16 at a time", Median(many), Bar);
        Say($"  memory of the api before the long import: {orders.ApiMemoryMb()} MB");
        await MeasuredAsync(orders, $"import of {longLines} lines", () => shop.ImportAsync(longLines));
        await shop.IsIndexedAsync();
        await MeasuredAsync(orders, "import of the same again", () => shop.ImportAsync(longLines, again: true));
        await MeasuredAsync(orders, "export of everything", () => shop.ExportAsync(""));
        await MeasuredAsync(orders, "export as CSV", () => shop.ExportAsync("?format=csv&rows=items"));
        return reached;
    }

    private static async Task MeasuredAsync(RunningOrders orders, string what, Func<Task<double>> work)
    {
        using var memory = new MemorySamples(orders.ApiMemoryMb);
        var rate = await work();
        Say($"  {what}: {rate:0}/s; memory of the api in MB on the way: {memory}");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}

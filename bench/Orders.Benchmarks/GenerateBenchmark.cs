using System.Diagnostics;
using System.Globalization;
using Orders.Simulator.Calendars;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Benchmarks;

/// <summary>
/// Whole orders in memory, one thread: customer, address, lines, amounts, time of placing and the life that follows. An
/// absolute bar, because nothing else is to compare with: generating must never be what one waits for.
/// </summary>
internal static class GenerateBenchmark
{
    private const double Bar = 100_000;
    private const int Count = 1_000_000;
    private const int Rounds = 6;

    public static bool Run(TimeSpan duration)
    {
        var shop = ShopData.From(SimulatedTables.Generate(42, 10_000, 12_000, 3_000), "EUR");
        var reached = Measure("default profile", Profile.Default, shop, duration / 2);
        return Measure("every rule in use", Everything, shop, duration / 2) && reached;
    }

    private static Profile Everything => new()
    {
        Popularity = new() { Zipf = 1 },
        Affinity = new() { Chance = 0.4, Together = new() { ["Kitchen"] = new() { ["Groceries"] = 2, ["Kitchen"] = 1 } } },
        Regulars = new() { Share = 0.2, Orders = 0.6 },
        Discounts = [new() { Code = "TEN", Percent = 10, MinSubtotal = 40, Share = 0.2 }],
    };

    private static bool Measure(string what, Profile profile, ShopData shop, TimeSpan duration)
    {
        var span = new CalendarSpan(new ShopCalendar(profile.Calendar), MadridTime.Instant(new DateTime(2024, 1, 1)),
            MadridTime.Instant(new DateTime(2026, 1, 1)));
        var generator = new OrderGenerator(42, "benchmark", shop, profile, span, Count);
        var rates = new List<double>();
        decimal sum = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (watch, made) = (Stopwatch.StartNew(), 0L);
            while (watch.Elapsed < duration / Rounds)
            {
                for (var i = 0; i < 1000; i++) sum += generator.At(made++ % Count).Amounts.Total;
            }

            // The first round warms up.
            if (round > 0) rates.Add(made / watch.Elapsed.TotalSeconds);
        }

        rates.Sort();
        var median = rates[rates.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"generating, {what}: {median:F0} orders/s on one core ({rates[0]:F0} to {rates[^1]:F0}); bar {Bar:F0}: ")
            + (median >= Bar ? "reached" : "NOT reached") + string.Create(CultureInfo.InvariantCulture, $"   [{sum:F0}]"));
        return median >= Bar;
    }
}

using System.Diagnostics;
using System.Globalization;
using Orders.Simulator.Calendars;
using Orders.Simulator.Model;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Benchmarks;

/// <summary>
/// Whole orders in memory, one thread: customer, address, lines, amounts, time of placing and the life that follows. An
/// absolute bar, because nothing else is to compare with: generating must never be what one waits for. It is taken in processor
/// time, garbage collection included, so that neighbours on the machine do not count.
/// </summary>
internal static class GenerateBenchmark
{
    private const double Bar = 100_000;
    private const int Count = 1_000_000;
    private const int Rounds = 8;

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
        var (rates, seconds) = (new List<double>(), new List<double>());
        decimal sum = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (watch, before, made) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, 0L);
            while (watch.Elapsed < duration / Rounds)
            {
                for (var i = 0; i < 1000; i++) sum += generator.At(made++ % Count).Amounts.Total;
            }

            // The first two rounds warm up.
            if (round < 2) continue;
            rates.Add(made / (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            seconds.Add(made / watch.Elapsed.TotalSeconds);
        }

        rates.Sort();
        var median = rates[rates.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"generating, {what}: {median:F0} orders per second of processor time ({rates[0]:F0} to {rates[^1]:F0}), ")
            + string.Create(CultureInfo.InvariantCulture, $"{seconds.Average():F0}/s by the clock; bar {Bar:F0}: ")
            + (median >= Bar ? "reached" : "NOT reached") + string.Create(CultureInfo.InvariantCulture, $"   [{sum:F0}]"));
        return median >= Bar;
    }
}

using System.Globalization;
using System.Text.Json.Serialization;
using Orders.Simulator.Calendars;

namespace Orders.Simulator.Histories;

/// <summary>Which history: with tables and profile, all that its orders depend on.</summary>
/// <param name="Run">Names it; part of every external id. Letters, digits, points, dashes and underscores.</param>
/// <param name="From">First day, in Madrid.</param>
/// <param name="To">Last day.</param>
/// <param name="AsOf">Lives are told up to the beginning of this day.</param>
internal sealed record HistoryPlan(int Seed, string Run, long Orders, DateOnly From, DateOnly To, DateOnly AsOf)
{
    public const int RunMax = 64;
    public const long OrdersMax = 100_000_000;

    /// <summary>The calendar's rules, and what an import takes, begin somewhere.</summary>
    public static readonly DateOnly Earliest = new(1996, 1, 1);

    [JsonIgnore]
    public DateTimeOffset Begin => Midnight(From);

    [JsonIgnore]
    public DateTimeOffset End => Midnight(To.AddDays(1));

    /// <summary>What happens at this instant or later has not happened yet.</summary>
    [JsonIgnore]
    public DateTimeOffset Now => Midnight(AsOf);

    /// <summary>The caller's id of an order: whoever sends it again sends the same.</summary>
    public string ExternalId(long number) => string.Create(CultureInfo.InvariantCulture, $"sim/{Seed}/{Run}/{number}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Orders} orders of run {Run}, seed {Seed}, {From:yyyy-MM-dd} to {To:yyyy-MM-dd}, as of {AsOf:yyyy-MM-dd}");

    private static DateTimeOffset Midnight(DateOnly day) => MadridTime.Instant(day.ToDateTime(TimeOnly.MinValue));
}

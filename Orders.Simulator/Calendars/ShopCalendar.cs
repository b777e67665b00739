using System.Collections.Concurrent;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Calendars;

/// <summary>When orders come. Years are made at first use and kept; any number of threads may ask.</summary>
internal sealed class ShopCalendar(CalendarProfile profile)
{
    private readonly ConcurrentDictionary<int, Lazy<CalendarYear>> _years = [];

    public CalendarYear Year(int year) => _years.TryGetValue(year, out var made) ? made.Value : Make(year);

    public CalendarDay Day(DateOnly date) => Year(date.Year)[date];

    /// <summary>The rate at an instant, 1 being the mean of its year.</summary>
    public double FactorAt(DateTimeOffset instant)
    {
        var local = MadridTime.Local(instant);
        return Year(local.Year).Factor(DateOnly.FromDateTime(local), local.Hour);
    }

    private CalendarYear Make(int year) =>
        _years.GetOrAdd(year, missing => new Lazy<CalendarYear>(() => new CalendarYear(profile, missing))).Value;
}

using Orders.Simulator.Calendars;

namespace Orders.Simulator.Live;

/// <summary>
/// How live traffic swells and ebbs: by the hours of the calendar, on a clock of its own that may run faster than the real one. It
/// shows the real time when it is made.
/// </summary>
/// <param name="dayLength">How long a day of the calendar lasts.</param>
/// <param name="start">When the clock is started.</param>
internal sealed class LiveShape(ShopCalendar calendar, TimeSpan dayLength, DateTimeOffset start)
{
    /// <summary>Hours that a gap can reach over: a profile may have none with orders.</summary>
    private const int HoursMax = 400 * 24;

    private readonly double _speed = TimeSpan.FromDays(1) / dayLength;

    /// <summary>What the clock shows at a real instant.</summary>
    public DateTimeOffset ShopTime(DateTimeOffset at) => start + ((at - start) * _speed);

    public double FactorAt(DateTimeOffset at) => calendar.FactorAt(ShopTime(at));

    /// <summary>
    /// When so much has gone by: an hour with factor 2 counts twice. With gaps that are exponential this is a Poisson process whose
    /// rate is that of the hour.
    /// </summary>
    public DateTimeOffset After(DateTimeOffset from, TimeSpan gap)
    {
        var (at, left) = (from, gap);
        for (var hour = 0; hour < HoursMax; hour++)
        {
            var (factor, end) = (FactorAt(at), EndOfHour(at));
            if (factor > 0 && left / factor <= end - at) return at + (left / factor);
            left -= (end - at) * factor;
            at = end;
        }

        return at;
    }

    /// <summary>At which real instant the clock comes to its next full hour; at least a tick later.</summary>
    private DateTimeOffset EndOfHour(DateTimeOffset at)
    {
        var shown = ShopTime(at).UtcTicks;
        var next = new DateTimeOffset(shown - (shown % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, TimeSpan.Zero);
        var end = start + ((next - start) / _speed);
        // Rounded up: a tick before the hour would still be the hour before, and its rest is no time at all.
        return (end > at ? end : at) + TimeSpan.FromTicks(1);
    }
}

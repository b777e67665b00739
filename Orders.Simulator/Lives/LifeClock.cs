using Orders.Simulator.Calendars;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Lives;

/// <summary>How long things take, and when somebody is there to do them. All times are whole seconds.</summary>
internal sealed class LifeClock(ShopCalendar calendar)
{
    private const int ShopOpens = 8;
    private const int ShopCloses = 20;
    private const int DeliveryBegins = 9;
    private const int DeliveryEnds = 21;

    /// <summary>Beyond four standard deviations nothing is drawn: one in 16,000, and a month would become years.</summary>
    private const double DeviationsMax = 4;

    /// <summary>A time of that profile, at least a second.</summary>
    public static TimeSpan Delay(DelayProfile profile, SeededRandom random, double factor = 1)
    {
        var seconds = profile.Median.TotalSeconds * factor;
        if (profile.Spread > 0) seconds *= Math.Exp(profile.Spread * Normal(random));
        return TimeSpan.FromSeconds(Math.Max(1, (long)Math.Round(seconds)));
    }

    /// <summary>That instant, or the first time after it that the shop works.</summary>
    public DateTimeOffset InWorkingHours(DateTimeOffset at, SeededRandom random) =>
        Within(at, ShopOpens, ShopCloses, 3, day => day.IsWorkingDay, random);

    /// <summary>That instant, or the next round of the carrier after it.</summary>
    public DateTimeOffset InDeliveryHours(DateTimeOffset at, SeededRandom random) =>
        Within(at, DeliveryBegins, DeliveryEnds, DeliveryEnds - DeliveryBegins, day => day.IsDeliveryDay, random);

    /// <summary>What waits for the morning is done within so many hours of it.</summary>
    private DateTimeOffset Within(
        DateTimeOffset at, int begins, int ends, int morningHours, Func<CalendarDay, bool> isOpen, SeededRandom random)
    {
        var local = MadridTime.Local(at);
        var date = DateOnly.FromDateTime(local);
        if (isOpen(calendar.Day(date)) && local.Hour >= begins && local.Hour < ends) return at;
        if (local.Hour >= ends) date = date.AddDays(1);
        while (!isOpen(calendar.Day(date))) date = date.AddDays(1);
        var second = random.Below(morningHours * 3600);
        return MadridTime.Instant(date.ToDateTime(new TimeOnly(begins, 0)).AddSeconds(second));
    }

    /// <summary>Box and Muller.</summary>
    private static double Normal(SeededRandom random)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - random.Unit()));
        return Math.Clamp(radius * Math.Cos(2 * Math.PI * random.Unit()), -DeviationsMax, DeviationsMax);
    }
}

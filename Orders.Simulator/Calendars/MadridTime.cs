namespace Orders.Simulator.Calendars;

/// <summary>
/// The clock in Madrid: UTC+1, in summer UTC+2, from the last Sunday of March to the last Sunday of October, 01:00 UTC. Computed,
/// because the time zones that a machine knows differ from machine to machine, and the same seed shall make the same orders.
/// The rule holds for 1996 and later; it is used for earlier years too.
/// </summary>
internal static class MadridTime
{
    private static readonly TimeSpan Winter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Summer = TimeSpan.FromHours(2);

    /// <summary>What clocks in Madrid show at that instant.</summary>
    public static DateTime Local(DateTimeOffset instant) => instant.UtcDateTime + Offset(instant.UtcDateTime);

    /// <summary>The instant at which clocks in Madrid show that; in the hour that comes twice, the second time.</summary>
    public static DateTimeOffset Instant(DateTime local)
    {
        var utc = DateTime.SpecifyKind(local - Winter, DateTimeKind.Utc);
        return new DateTimeOffset(Offset(utc) == Winter ? utc : Offset(utc - Winter) == Summer ? utc - Winter : utc);
    }

    private static TimeSpan Offset(DateTime utc) =>
        utc >= LastSunday(utc.Year, 3) && utc < LastSunday(utc.Year, 10) ? Summer : Winter;

    private static DateTime LastSunday(int year, int month)
    {
        var last = new DateTime(year, month, 31, 1, 0, 0, DateTimeKind.Utc);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}

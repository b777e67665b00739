namespace Orders.Simulator.Calendars;

/// <summary>
/// A time from one instant to another, along which orders are spread as the calendar says. Hours are the grain: within one the
/// rate is the same.
/// </summary>
internal sealed class CalendarSpan
{
    /// <summary>Longest span: the sums of its hours are kept in memory.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(50 * 366);

    private const long TicksPerMicrosecond = 10;

    private readonly long _firstHour;

    // Weight of all hours up to the end of each.
    private readonly double[] _upTo;

    public CalendarSpan(ShopCalendar calendar, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(to, from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to - from, LengthMax);
        (From, To) = (from.ToUniversalTime(), to.ToUniversalTime());
        _firstHour = from.UtcTicks / TimeSpan.TicksPerHour;
        _upTo = new double[((to.UtcTicks - 1) / TimeSpan.TicksPerHour) - _firstHour + 1];
        var sum = 0.0;
        for (var i = 0; i < _upTo.Length; i++)
        {
            var (begin, end) = Bounds(i);
            var factor = calendar.FactorAt(new DateTimeOffset(begin, TimeSpan.Zero));
            _upTo[i] = sum += factor * ((end - begin) / (double)TimeSpan.TicksPerHour);
        }

        // A profile may have hours without orders; a span of nothing else is spread evenly.
        if (sum > 0) return;
        for (var i = 0; i < _upTo.Length; i++) _upTo[i] = i + 1;
    }

    public DateTimeOffset From { get; }

    public DateTimeOffset To { get; }

    /// <summary>
    /// The instant before which that share of the span's orders come, in whole microseconds. It grows with the share.
    /// </summary>
    /// <param name="share">0 (included) to 1 (excluded).</param>
    public DateTimeOffset At(double share)
    {
        var point = share * _upTo[^1];
        var found = Array.BinarySearch(_upTo, point);
        // An hour holds its beginning and not its end, so an exact hit belongs to the next hour that has orders at all.
        var hour = found >= 0 ? found + 1 : ~found;
        while (hour < _upTo.Length - 1 && _upTo[hour] <= point) hour++;
        hour = Math.Min(hour, _upTo.Length - 1);
        var before = hour == 0 ? 0 : _upTo[hour - 1];
        var (begin, end) = Bounds(hour);
        var into = (point - before) / (_upTo[hour] - before);
        var ticks = begin + (long)(Math.Clamp(double.IsNaN(into) ? 0 : into, 0, 1) * (end - begin));
        ticks = Math.Min(ticks, end - 1);
        return new DateTimeOffset(Math.Max(ticks - (ticks % TicksPerMicrosecond), begin), TimeSpan.Zero);
    }

    private (long Begin, long End) Bounds(int hour)
    {
        var begin = (_firstHour + hour) * TimeSpan.TicksPerHour;
        return (Math.Max(begin, From.UtcTicks), Math.Min(begin + TimeSpan.TicksPerHour, To.UtcTicks));
    }
}

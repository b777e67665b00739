using System.Globalization;
using Orders.Simulator.Profiles;

namespace Orders.Simulator.Calendars;

/// <summary>The days of a year with their factors. A function of profile and year; kept by <see cref="ShopCalendar"/>.</summary>
internal sealed class CalendarYear
{
    private readonly CalendarDay[] _days;
    private readonly double[] _workingHours;
    private readonly double[] _freeHours;

    public CalendarYear(CalendarProfile profile, int year)
    {
        (_workingHours, _freeHours) = (MeanOne(profile.Hours), MeanOne(profile.FreeDayHours));
        var holidays = Holidays.Of(year);
        foreach (var day in profile.HolidaysAdded.Where(day => day.Year == year)) holidays.TryAdd(day, "holiday");
        foreach (var day in profile.HolidaysRemoved) holidays.Remove(day);
        var first = new DateOnly(year, 1, 1);
        var paid = PayDays(profile, holidays, year);
        var days = Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(first.AddDays)
            .Select(date => Day(profile, date, holidays.GetValueOrDefault(date), paid.Contains(date))).ToArray();
        var mean = days.Average(day => day.Factor);
        _days = mean > 0 ? [.. days.Select(day => day with { Factor = day.Factor / mean })] : days;
    }

    public IReadOnlyList<CalendarDay> Days => _days;

    public CalendarDay this[DateOnly date] => _days[date.DayOfYear - 1];

    /// <summary>How much is ordered in an hour of a day, 1 being the mean hour of the year.</summary>
    public double Factor(DateOnly date, int hour)
    {
        var day = this[date];
        return day.Factor * (day.IsWorkingDay ? _workingHours : _freeHours)[hour];
    }

    private static CalendarDay Day(CalendarProfile profile, DateOnly date, string? holiday, bool paid)
    {
        var factor = profile.Weekdays[((int)date.DayOfWeek + 6) % 7] * profile.Months[date.Month - 1];
        var marks = new List<string>();
        if (holiday is not null) factor *= profile.Holiday;
        foreach (var season in profile.Seasons.Where(season => Contains(season, date))) Mark(season.Name, season.Factor);
        switch (date.DayNumber - Holidays.BlackFriday(date.Year).DayNumber)
        {
            case >= -4 and < 0: Mark("Black Week", profile.BlackWeek); break;
            case 0: Mark("Black Friday", profile.BlackFriday); break;
            case 1 or 2: Mark("Black Weekend", profile.BlackWeekend); break;
            case 3: Mark("Cyber Monday", profile.CyberMonday); break;
            default: break;
        }

        if (paid) Mark("pay day", profile.PayDay);
        return new CalendarDay(date, factor, holiday, marks);

        void Mark(string name, double by)
        {
            marks.Add(name);
            factor *= by;
        }
    }

    /// <summary>Texts such as 12-05 compare as the days do.</summary>
    private static bool Contains(SeasonProfile season, DateOnly date)
    {
        var day = date.ToString("MM-dd", CultureInfo.InvariantCulture);
        var (after, before) = (string.CompareOrdinal(day, season.From) >= 0, string.CompareOrdinal(day, season.To) <= 0);
        return string.CompareOrdinal(season.From, season.To) <= 0 ? after && before : after || before;
    }

    /// <summary>From the last working day of each month on, the December before included.</summary>
    private static HashSet<DateOnly> PayDays(CalendarProfile profile, SortedDictionary<DateOnly, string> holidays, int year)
    {
        var days = new HashSet<DateOnly>();
        for (var month = 0; month <= 12; month++)
        {
            var day = new DateOnly(year, 1, 1).AddMonths(month).AddDays(-1);
            while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || holidays.ContainsKey(day)) day = day.AddDays(-1);
            for (var i = 0; i < profile.PayDays; i++) days.Add(day.AddDays(i));
        }

        return days;
    }

    private static double[] MeanOne(IReadOnlyList<double> factors)
    {
        var mean = factors.Average();
        return [.. factors.Select(factor => mean > 0 ? factor / mean : 1)];
    }
}

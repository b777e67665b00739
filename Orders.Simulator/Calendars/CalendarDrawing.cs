using System.Globalization;
using System.Text;

namespace Orders.Simulator.Calendars;

/// <summary>A year as two heat maps: each day by month, and each hour by weekday.</summary>
internal sealed class CalendarDrawing
{
    private const int DaysMax = 31;
    private const int HoursPerDay = 24;

    private static readonly string[] Weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    private readonly double?[,] _days = new double?[12, DaysMax];
    private readonly double?[,] _hours = new double?[7, HoursPerDay];

    public CalendarDrawing(CalendarYear year)
    {
        Year = year;
        foreach (var day in year.Days) _days[day.Date.Month - 1, day.Date.Day - 1] = day.Factor;
        foreach (var weekday in year.Days.GroupBy(day => ((int)day.Date.DayOfWeek + 6) % 7))
        {
            for (var hour = 0; hour < HoursPerDay; hour++)
                _hours[weekday.Key, hour] = weekday.Average(day => year.Factor(day.Date, hour));
        }
    }

    public CalendarYear Year { get; }

    public IEnumerable<HeatMap> Maps =>
    [
        new("Days", _days, [.. CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames.Take(12)], column => column + 1, 5),
        new("Hours in Madrid, by weekday", _hours, Weekdays, column => column, 3),
    ];

    /// <summary>The days that have a name, each with its factor.</summary>
    public IEnumerable<CalendarDay> SpecialDays => Year.Days.Where(day => day.Holiday is not null
        || day.Marks.Any(mark => mark is "Black Friday" or "Cyber Monday"));
}

/// <param name="Cells">Null where there is no such day.</param>
/// <param name="Label">Of a column.</param>
/// <param name="LabelEvery">So many columns have one label.</param>
internal sealed record HeatMap(string Title, double?[,] Cells, IReadOnlyList<string> Rows, Func<int, int> Label, int LabelEvery)
{
    /// <summary>Steps of the scale.</summary>
    public const int Levels = 10;

    public int Columns => Cells.GetLength(1);

    public double Min { get; } = Cells.Cast<double?>().Min() ?? 0;

    public double Max { get; } = Cells.Cast<double?>().Max() ?? 0;

    /// <summary>0 to <see cref="Levels"/> - 1, by the root of the share: or one Black Friday would make all other days alike.</summary>
    public int LevelOf(double factor) =>
        Max <= Min ? 0 : Math.Clamp((int)(Math.Sqrt(Math.Max(0, factor - Min) / (Max - Min)) * Levels), 0, Levels - 1);

    /// <summary>Labels above the columns, each at its column, two characters wide.</summary>
    public string Header(int width)
    {
        var header = new StringBuilder();
        for (var column = 0; column < Columns; column += LabelEvery)
            header.Append(Label(column).ToString(CultureInfo.InvariantCulture).PadRight(width * LabelEvery));
        return header.ToString().TrimEnd();
    }
}

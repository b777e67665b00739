namespace Orders.Simulator.Profiles;

/// <summary>
/// When people order. All numbers are factors beside each other, 1 being an ordinary day or hour; the calendar divides by their
/// mean over the year, so a rate given elsewhere stays the average rate.
/// </summary>
internal sealed record CalendarProfile
{
    /// <summary>By hour of a working day in Madrid, 0 to 23.</summary>
    public IReadOnlyList<double> Hours { get; init; } =
    [
        0.45, 0.22, 0.12, 0.08, 0.06, 0.08, 0.18, 0.40, 0.75, 1.15, 1.45, 1.55,
        1.55, 1.40, 1.15, 1.10, 1.25, 1.35, 1.45, 1.60, 1.75, 1.95, 1.80, 1.05,
    ];

    /// <summary>By hour of Saturdays, Sundays and holidays.</summary>
    public IReadOnlyList<double> FreeDayHours { get; init; } =
    [
        0.65, 0.40, 0.22, 0.13, 0.09, 0.08, 0.10, 0.20, 0.45, 0.85, 1.25, 1.50,
        1.55, 1.35, 1.05, 1.00, 1.20, 1.40, 1.55, 1.70, 1.85, 1.95, 1.65, 1.05,
    ];

    /// <summary>Monday to Sunday.</summary>
    public IReadOnlyList<double> Weekdays { get; init; } = [1.10, 1.05, 1.02, 1.00, 0.95, 0.88, 1.00];

    /// <summary>January to December.</summary>
    public IReadOnlyList<double> Months { get; init; } =
        [1.00, 0.92, 0.95, 0.94, 0.97, 1.00, 0.98, 0.78, 0.98, 1.02, 1.10, 1.12];

    /// <summary>National and Madrid holidays.</summary>
    public double Holiday { get; init; } = 0.80;

    /// <summary>The day after the fourth Thursday of November.</summary>
    public double BlackFriday { get; init; } = 3.00;

    /// <summary>Monday to Thursday before it.</summary>
    public double BlackWeek { get; init; } = 1.60;

    /// <summary>The Saturday and Sunday after it.</summary>
    public double BlackWeekend { get; init; } = 1.80;

    /// <summary>The Monday after it.</summary>
    public double CyberMonday { get; init; } = 2.30;

    /// <summary>The last working day of a month and the days after it, <see cref="PayDays"/> in all.</summary>
    public double PayDay { get; init; } = 1.15;

    /// <summary>0 to 10.</summary>
    public int PayDays { get; init; } = 3;

    /// <summary>Parts of every year.</summary>
    public IReadOnlyList<SeasonProfile> Seasons { get; init; } =
    [
        new() { Name = "Christmas", From = "12-05", To = "12-22", Factor = 1.45 },
        new() { Name = "Kings", From = "12-26", To = "01-04", Factor = 1.25 },
        new() { Name = "winter sales", From = "01-07", To = "02-07", Factor = 1.30 },
        new() { Name = "summer sales", From = "07-01", To = "07-31", Factor = 1.25 },
    ];

    /// <summary>Further holidays, such as those that Madrid decrees for one year.</summary>
    public IReadOnlyList<DateOnly> HolidaysAdded { get; init; } = [];

    /// <summary>Computed holidays that are none.</summary>
    public IReadOnlyList<DateOnly> HolidaysRemoved { get; init; } = [];
}

/// <summary>A part of every year, both days included; it may reach over New Year.</summary>
internal sealed record SeasonProfile
{
    public string Name { get; init; } = "";

    /// <summary>Month and day, such as 12-05.</summary>
    public string From { get; init; } = "";

    /// <inheritdoc cref="From"/>
    public string To { get; init; } = "";

    public double Factor { get; init; } = 1;
}

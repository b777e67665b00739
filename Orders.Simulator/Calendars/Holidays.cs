namespace Orders.Simulator.Calendars;

/// <summary>
/// The days on which Madrid does not work: national holidays, those of the region and those of the city. Fixed days and Easter
/// are computed for any year. Which day replaces a holiday that falls on a Sunday, the region decrees anew every year; that
/// cannot be computed and stands here for the years that are known. Later ones are added in the profile.
/// </summary>
internal static class Holidays
{
    private static readonly (int Month, int Day, string Name)[] Fixed =
    [
        (1, 1, "Año Nuevo"), (1, 6, "Epifanía del Señor"), (5, 1, "Fiesta del Trabajo"), (8, 15, "Asunción de la Virgen"),
        (10, 12, "Fiesta Nacional de España"), (11, 1, "Todos los Santos"), (12, 6, "Día de la Constitución"),
        (12, 8, "Inmaculada Concepción"), (12, 25, "Natividad del Señor"),
    ];

    // Of the region and the city. These always move to the Monday when they fall on a Sunday.
    private static readonly (int Month, int Day, string Name)[] Madrid =
        [(5, 2, "Fiesta de la Comunidad de Madrid"), (5, 15, "San Isidro"), (11, 9, "Nuestra Señora de la Almudena")];

    private static readonly (int Year, int Month, int Day, string Name)[] Decreed =
    [
        (2020, 11, 2, "Todos los Santos (traslado)"), (2020, 12, 7, "Día de la Constitución (traslado)"),
        (2021, 3, 19, "San José"),
        (2022, 7, 25, "Santiago Apóstol"), (2022, 12, 26, "Natividad del Señor (traslado)"),
        (2023, 3, 20, "San José (traslado)"),
        (2024, 7, 25, "Santiago Apóstol"),
        (2025, 7, 25, "Santiago Apóstol"),
        (2026, 11, 2, "Todos los Santos (traslado)"), (2026, 12, 7, "Día de la Constitución (traslado)"),
    ];

    /// <summary>Easter Sunday by the Gregorian calendar (Meeus, Jones and Butcher); exact for every year from 1583 on.</summary>
    public static DateOnly Easter(int year)
    {
        var (golden, century, inCentury) = (year % 19, year / 100, year % 100);
        var correction = (century - ((century + 8) / 25) + 1) / 3;
        var epact = ((19 * golden) + century - (century / 4) - correction + 15) % 30;
        var weekday = (32 + (2 * (century % 4)) + (2 * (inCentury / 4)) - epact - (inCentury % 4)) % 7;
        var shift = (golden + (11 * epact) + (22 * weekday)) / 451;
        var days = epact + weekday - (7 * shift) + 114;
        return new DateOnly(year, days / 31, (days % 31) + 1);
    }

    /// <summary>The day after the fourth Thursday of November.</summary>
    public static DateOnly BlackFriday(int year)
    {
        var first = new DateOnly(year, 11, 1);
        return first.AddDays(((DayOfWeek.Thursday - first.DayOfWeek + 7) % 7) + 21 + 1);
    }

    /// <summary>Holidays of the year with their names, in order.</summary>
    public static SortedDictionary<DateOnly, string> Of(int year)
    {
        var days = new SortedDictionary<DateOnly, string>();
        foreach (var (month, day, name) in Fixed) days[new DateOnly(year, month, day)] = name;
        var easter = Easter(year);
        days[easter.AddDays(-3)] = "Jueves Santo";
        days[easter.AddDays(-2)] = "Viernes Santo";
        foreach (var (month, day, name) in Madrid)
        {
            var date = new DateOnly(year, month, day);
            if (date.DayOfWeek == DayOfWeek.Sunday) days[date.AddDays(1)] = name + " (traslado)";
            else days[date] = name;
        }

        foreach (var (decreed, month, day, name) in Decreed)
        {
            if (decreed == year) days[new DateOnly(year, month, day)] = name;
        }

        return days;
    }
}

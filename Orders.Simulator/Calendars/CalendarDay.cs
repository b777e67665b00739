namespace Orders.Simulator.Calendars;

/// <summary>A day in Madrid.</summary>
/// <param name="Factor">How much is ordered on it, 1 being the mean of the year.</param>
/// <param name="Holiday">The holiday's name, if it is one.</param>
/// <param name="Marks">What else makes it special: seasons, Black Friday, pay day.</param>
internal sealed record CalendarDay(DateOnly Date, double Factor, string? Holiday, IReadOnlyList<string> Marks)
{
    public bool IsWorkingDay => Holiday is null && Date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>Whether parcels are brought: not on Sundays and holidays.</summary>
    public bool IsDeliveryDay => Holiday is null && Date.DayOfWeek is not DayOfWeek.Sunday;
}

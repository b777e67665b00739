using System.Globalization;
using Orders.Simulator.Calendars;
using Orders.Simulator.Profiles;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class CalendarTests
{
    private static readonly ShopCalendar Shop = new(new CalendarProfile());

    [Theory]
    [InlineData("1818-03-22")]
    [InlineData("1943-04-25")]
    [InlineData("2000-04-23")]
    [InlineData("2008-03-23")]
    [InlineData("2019-04-21")]
    [InlineData("2020-04-12")]
    [InlineData("2021-04-04")]
    [InlineData("2022-04-17")]
    [InlineData("2023-04-09")]
    [InlineData("2024-03-31")]
    [InlineData("2025-04-20")]
    [InlineData("2026-04-05")]
    [InlineData("2027-03-28")]
    [InlineData("2038-04-25")]
    public void Easter_is_where_it_was(string day) => Assert.Equal(Day(day), Holidays.Easter(Day(day).Year));

    [Theory]
    [InlineData(2022, "01-01 01-06 04-14 04-15 05-01 05-02 05-16 07-25 08-15 10-12 11-01 11-09 12-06 12-08 12-25 12-26")]
    [InlineData(2023, "01-01 01-06 03-20 04-06 04-07 05-01 05-02 05-15 08-15 10-12 11-01 11-09 12-06 12-08 12-25")]
    [InlineData(2024, "01-01 01-06 03-28 03-29 05-01 05-02 05-15 07-25 08-15 10-12 11-01 11-09 12-06 12-08 12-25")]
    [InlineData(2025, "01-01 01-06 04-17 04-18 05-01 05-02 05-15 07-25 08-15 10-12 11-01 11-10 12-06 12-08 12-25")]
    [InlineData(2026, "01-01 01-06 04-02 04-03 05-01 05-02 05-15 08-15 10-12 11-01 11-02 11-09 12-06 12-07 12-08 12-25")]
    public void The_holidays_of_Madrid_are_those_that_were_decreed(int year, string days) => Assert.Equal(
        days.Split(' '), Holidays.Of(year).Keys.Select(day => day.ToString("MM-dd", CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2021-11-26")]
    [InlineData("2022-11-25")]
    [InlineData("2023-11-24")]
    [InlineData("2024-11-29")]
    [InlineData("2025-11-28")]
    [InlineData("2026-11-27")]
    public void Black_Friday_is_the_day_after_the_fourth_Thursday(string day)
    {
        Assert.Equal(Day(day), Holidays.BlackFriday(Day(day).Year));
        Assert.True(Shop.Day(Day(day)).Factor > 2 * Shop.Day(Day(day).AddDays(-7)).Factor);
        Assert.Contains("Cyber Monday", Shop.Day(Day(day).AddDays(3)).Marks);
    }

    [Theory]
    [InlineData("2026-01-30", "2026-01-29")]
    [InlineData("2025-12-31", "2025-12-30")]
    [InlineData("2024-03-27", "2024-03-26")] // Thursday and Friday before Easter are holidays, the month ends on Sunday
    public void Wages_come_on_the_last_working_day_of_the_month(string paid, string before)
    {
        Assert.Contains("pay day", Shop.Day(Day(paid)).Marks);
        Assert.Contains("pay day", Shop.Day(Day(paid).AddDays(2)).Marks);
        Assert.DoesNotContain("pay day", Shop.Day(Day(before)).Marks);
        Assert.DoesNotContain("pay day", Shop.Day(Day(paid).AddDays(3)).Marks);
    }

    [Fact]
    public void A_season_may_reach_over_New_Year()
    {
        Assert.Contains("Kings", Shop.Day(Day("2025-12-31")).Marks);
        Assert.Contains("Kings", Shop.Day(Day("2026-01-04")).Marks);
        Assert.DoesNotContain("Kings", Shop.Day(Day("2026-01-05")).Marks);
    }

    [Fact]
    public void The_mean_of_a_year_is_1_whatever_the_profile_says()
    {
        var steep = new ShopCalendar(new CalendarProfile { Weekdays = [9, 1, 1, 1, 1, 0, 0], Holiday = 0, BlackFriday = 40 });
        foreach (var year in new[] { steep.Year(2024), Shop.Year(2025), Shop.Year(2026) })
        {
            Assert.Equal(1, year.Days.Average(day => day.Factor), 9);
            Assert.Equal(1, year.Days.Average(day => Enumerable.Range(0, 24).Average(hour => year.Factor(day.Date, hour))), 9);
        }
    }

    [Fact]
    public void A_profile_adds_and_removes_holidays()
    {
        var own = new ShopCalendar(new CalendarProfile { HolidaysAdded = [Day("2030-07-25")], HolidaysRemoved = [Day("2030-10-12")] });

        Assert.Equal((false, true), (own.Day(Day("2030-07-25")).IsWorkingDay, own.Day(Day("2030-10-12")).Holiday is null));
    }

    [Fact]
    public void A_year_is_made_once() => Assert.Same(Shop.Year(2031), Shop.Year(2031));

    [Theory]
    [InlineData("2026-01-15T12:00:00Z", "2026-01-15T13:00:00")]
    [InlineData("2026-03-29T00:59:59Z", "2026-03-29T01:59:59")]
    [InlineData("2026-03-29T01:00:00Z", "2026-03-29T03:00:00")]
    [InlineData("2026-10-25T00:59:59Z", "2026-10-25T02:59:59")]
    [InlineData("2026-10-25T01:00:00Z", "2026-10-25T02:00:00")]
    [InlineData("2023-03-26T01:00:00Z", "2023-03-26T03:00:00")]
    public void Clocks_in_Madrid_change_on_the_last_Sundays_of_March_and_October(string utc, string local)
    {
        var instant = DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture);
        Assert.Equal(DateTime.Parse(local, CultureInfo.InvariantCulture), MadridTime.Local(instant));
        // The hour that comes twice has two instants.
        if (utc != "2026-10-25T00:59:59Z") Assert.Equal(instant, MadridTime.Instant(MadridTime.Local(instant)));
    }

    [Fact]
    public void Orders_of_a_span_follow_the_calendar_and_their_numbers_follow_time()
    {
        const int Count = 400_000;
        var span = new CalendarSpan(Shop, MadridTime.Instant(new DateTime(2025, 11, 24)), MadridTime.Instant(new DateTime(2025, 12, 1)));
        var instants = Enumerable.Range(0, Count).Select(number => span.At((number + 0.5) / Count)).ToList();

        Assert.Equal(instants.Order(), instants);
        Assert.InRange(instants[0], span.From, span.To);
        Assert.InRange(instants[^1], span.From, span.To.AddTicks(-1));
        Assert.All(instants, instant => Assert.Equal(0, instant.Ticks % 10));
        var expected = (from day in Enumerable.Range(24, 7)
                        from hour in Enumerable.Range(0, 24)
                        select (day, hour)).ToDictionary(place => place, place =>
                            Shop.Year(2025).Factor(new DateOnly(2025, 11, place.day), place.hour));
        Statistics.AssertShares(instants.Select(MadridTime.Local).Select(local => (local.Day, local.Hour)), expected);
    }

    [Fact]
    public void A_span_may_begin_and_end_within_an_hour_and_have_hours_without_orders()
    {
        var closed = new ShopCalendar(new CalendarProfile
        {
            Hours = [.. Enumerable.Range(0, 24).Select(hour => hour is 12 or 15 ? 1.0 : 0.0)],
            FreeDayHours = [.. Enumerable.Range(0, 24).Select(hour => hour is 12 or 15 ? 1.0 : 0.0)],
        });
        var noon = MadridTime.Instant(new DateTime(2026, 6, 2, 12, 0, 0));
        var span = new CalendarSpan(closed, noon.AddMinutes(30), noon.AddHours(5));

        Assert.Equal(noon.AddMinutes(30), span.At(0));
        Assert.Equal(noon.AddMinutes(45), span.At(1 / 6.0), TimeSpan.FromMilliseconds(1));
        Assert.Equal(noon.AddHours(3.01), span.At(0.34), TimeSpan.FromMilliseconds(1));
        Assert.Equal(noon.AddHours(3.5), span.At(2 / 3.0), TimeSpan.FromMilliseconds(1));
    }

    private static DateOnly Day(string day) => DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}

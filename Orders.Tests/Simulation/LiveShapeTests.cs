using Microsoft.Extensions.Options;
using Orders.Simulator;
using Orders.Simulator.Calendars;
using Orders.Simulator.Live;
using Orders.Simulator.Profiles;
using Orders.Simulator.Tables;

namespace Orders.Tests.Simulation;

/// <summary>Live traffic by the calendar, in real and in scaled time.</summary>
[Unit]
public sealed class LiveShapeTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 20, 0, TimeSpan.Zero);
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private readonly CliRun _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_day_of_five_minutes_goes_by_in_five_minutes()
    {
        var shape = Shape(FiveMinutes);

        Assert.Equal(Start, shape.ShopTime(Start));
        Assert.Equal(Start.AddDays(1), shape.ShopTime(Start + FiveMinutes));
        Assert.Equal(Start.AddHours(3), Shape(TimeSpan.FromDays(1)).ShopTime(Start.AddHours(3)));
        Assert.Equal(shape.FactorAt(Start + FiveMinutes), Shape(TimeSpan.FromDays(1)).FactorAt(Start.AddDays(1)), 9);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(24 * 60)]
    public void Orders_come_by_the_hours_of_the_calendar(int minutesPerDay)
    {
        var (shape, random) = (Shape(TimeSpan.FromMinutes(minutesPerDay)), new SeededRandom(9));
        var calendar = new ShopCalendar(new CalendarProfile());
        // A week, Black Friday in it, of 400,000 orders at the mean rate.
        var week = TimeSpan.FromMinutes(minutesPerDay) * 7;
        var rate = 400_000 / week.TotalSeconds;
        var counts = new Dictionary<long, double>();
        for (var at = shape.After(Start, PoissonArrivals.Gap(rate, random)); at < Start + week;
            at = shape.After(at, PoissonArrivals.Gap(rate, random)))
        {
            var hour = shape.ShopTime(at).UtcTicks / TimeSpan.TicksPerHour;
            counts[hour] = counts.GetValueOrDefault(hour) + 1;
        }

        var first = (Start.UtcTicks / TimeSpan.TicksPerHour) + 1;
        var perHour = 400_000 / (7 * 24.0);
        Assert.All(Enumerable.Range(0, 160).Select(hour => first + hour), hour =>
        {
            var expected = perHour * calendar.FactorAt(new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero));
            // Five standard deviations.
            Assert.InRange(counts.GetValueOrDefault(hour), expected - (5 * Math.Sqrt(expected)), expected + (5 * Math.Sqrt(expected)));
        });
    }

    [Fact]
    public void A_calendar_without_orders_ends_after_a_year_and_more()
    {
        var shape = new LiveShape(
            new ShopCalendar(new CalendarProfile { Weekdays = [0, 0, 0, 0, 0, 0, 0] }), FiveMinutes, Start);

        Assert.True(shape.After(Start, TimeSpan.FromSeconds(1)) > Start + (FiveMinutes * 365));
    }

    [Fact]
    public void Traffic_is_even_and_by_the_built_in_profile_if_nobody_says_otherwise()
    {
        var live = Live(new SimulatorOptions());

        Assert.Null(live.Shape);
        Assert.Same(Profile.Default, live.Profile);
    }

    [Fact]
    public void A_profile_is_read_from_its_file_and_a_wrong_one_is_no_start()
    {
        var file = _files.Write("mine.json", """{"name":"mine","popularity":{"zipf":1}}""");

        Assert.Equal("mine", Live(new SimulatorOptions { Profile = file, Calendar = true }).Profile.Name);
        var wrong = _files.Write("wrong.json", """{"nmae":"mine"}""");
        Assert.Throws<ProfileException>(() => Live(new SimulatorOptions { Profile = wrong }));
    }

    private static LiveProfile Live(SimulatorOptions options) => new(Options.Create(options), TimeProvider.System);

    private static LiveShape Shape(TimeSpan dayLength) => new(new ShopCalendar(new CalendarProfile()), dayLength, Start);
}

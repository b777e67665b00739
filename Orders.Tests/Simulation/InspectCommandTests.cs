using System.Xml.Linq;
using Orders.Simulator.Calendars;
using Orders.Simulator.Profiles;

namespace Orders.Tests.Simulation;

[Unit]
public sealed class InspectCommandTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_calendar_is_drawn_in_plain_characters_where_there_is_no_terminal()
    {
        Assert.Equal(0, await _cli.RunAsync("inspect", "calendar", "--year", "2025"));

        var lines = _cli.Output.Split('\n');
        Assert.DoesNotContain('\e', _cli.Output);
        // 12 months, November's Black Friday the darkest day of all.
        var november = Assert.Single(lines, line => line.StartsWith("Nov", StringComparison.Ordinal));
        Assert.Equal('@', november[4 + (27 * 2)]);
        Assert.Equal(30, november[4..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(lines, line => line.Contains("2025-04-18", StringComparison.Ordinal)
            && line.Contains("Viernes Santo", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Sun", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_calendar_is_written_as_SVG()
    {
        Assert.Equal(0, await _cli.RunAsync("inspect", "calendar", "--year", "2024", "--svg", _cli.PathOf("year.svg")));

        XNamespace svg = "http://www.w3.org/2000/svg";
        var drawing = XDocument.Load(_cli.PathOf("year.svg"));
        var titles = drawing.Descendants(svg + "title").Select(title => title.Value).ToList();
        Assert.Equal(366 + (7 * 24), titles.Count);
        Assert.Contains(titles, title => title.StartsWith("2024-11-29 Fri: ", StringComparison.Ordinal)
            && title.Contains("Black Friday", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_calendar_goes_by_the_profile_and_by_this_year()
    {
        using var cli = new CliRun { Time = new At2033() };
        var file = cli.Write("mine.json", """{"calendar": {"holidays_added": ["2033-02-22"]}}""");

        Assert.Equal(0, await cli.RunAsync("inspect", "calendar", "--profile", file));

        Assert.Contains("2033-02-22", cli.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hottest_cell_has_the_highest_level_and_the_coldest_the_lowest()
    {
        var map = new CalendarDrawing(new ShopCalendar(new CalendarProfile()).Year(2025)).Maps.First();

        Assert.Equal((0, HeatMap.Levels - 1), (map.LevelOf(map.Min), map.LevelOf(map.Max)));
    }

    [Fact]
    public async Task Orders_are_shown_with_their_lives_and_are_the_same_every_time()
    {
        string[] sentence = ["inspect", "orders", "--count", "5", "--first", "1000", "--of", "50000"];
        Assert.Equal(0, await _cli.RunAsync(sentence));
        var first = _cli.Output;
        Assert.Equal(0, await _cli.RunAsync(sentence));

        Assert.Equal(first, _cli.Output);
        Assert.Equal(5, first.Split('\n').Count(line => line.StartsWith('#')));
        Assert.Contains("confirmed", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("inspect calendar --year 1")]
    [InlineData("inspect calendar --yaer 2025")]
    [InlineData("inspect orders --first 10 --of 10")]
    public async Task Wrong_usage_is_2(string sentence) => Assert.Equal(2, await _cli.RunAsync(sentence.Split(' ')));

    private sealed class At2033 : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2033, 6, 1, 0, 0, 0, TimeSpan.Zero);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Orders.Simulator.Load;

namespace Orders.Tests.Simulation;

/// <summary>What is written of a run: its JSON, and its page.</summary>
[Unit]
public sealed partial class LoadReportTests
{
    private static readonly string[] Times = ["mean", "p50", "p90", "p95", "p99", "p99_9", "max"];

    [Fact]
    public void The_json_has_the_documented_shape()
    {
        var report = Json();

        Assert.Equal(
            [
                "started_at", "finished", "measured_seconds", "plan", "latency_from", "kept_up", "held_back", "interrupted",
                "in_flight_max", "lateness_ms", "restocked", "restocks_failed", "overall", "operations", "errors", "thresholds",
                "timeline", "distribution",
            ], Keys(report));
        Assert.Equal(
            [
                "api", "scenario", "mix", "model", "arrivals", "stages", "ramp_seconds", "warm_up_seconds", "in_flight_max",
                "timeout_seconds", "seed", "run",
            ], Keys(report["plan"]!));
        Assert.Equal(["place", "read", "search"], Keys(report["operations"]!));
        Assert.Equal(
            ["succeeded", "failed", "never_sent", "error_share", "rate", "latency_ms", "service_ms"], Keys(report["overall"]!));
        Assert.Equal(Times, Keys(report["overall"]!["latency_ms"]!));
        Assert.Equal(["operation", "kind", "status", "count", "examples"], Keys(report["errors"]![0]!));
        Assert.Equal(["threshold", "held", "unit", "actual", "missed_by"], Keys(report["thresholds"]![0]!));
        Assert.Equal(
            ["at", "seconds", "warm_up", "level", "rates", "sent", "failed", "held_back", "in_flight_max", "latency_ms"],
            Keys(report["timeline"]![0]!));
        Assert.Equal(["from_ms", "to_ms", "count"], Keys(report["distribution"]![0]!));
        Assert.Equal("1970-01-01T00:00:00.000000Z", (string?)report["started_at"]);
    }

    [Fact]
    public void The_json_has_the_figures()
    {
        var report = Json();

        var place = report["operations"]!["place"]!;
        Assert.Equal((10, 1, 0, 1.0), ((int)place["succeeded"]!, (int)place["failed"]!, (int)place["never_sent"]!, (double)place["rate"]!));
        Assert.InRange((double)place["latency_ms"]!["p50"]!, 50, 50.4);
        Assert.Equal((100.0, 1.0), ((double)place["latency_ms"]!["max"]!, (double)place["service_ms"]!["max"]!));
        // Absent instead of null: nothing was read.
        Assert.Null(report["operations"]!["read"]!["latency_ms"]);
        Assert.Equal(11, report["distribution"]!.AsArray().Sum(bin => (int)bin!["count"]!));
        Assert.Equal(10, report["timeline"]!.AsArray().Sum(slice => (double)slice!["rates"]!["place"]! * (double)slice["seconds"]!));
        var error = report["errors"]![0]!;
        Assert.Equal("throttled 429 1", $"{error["kind"]} {error["status"]} {error["count"]}");
    }

    [Fact]
    public void The_page_needs_nothing_but_itself()
    {
        var page = LoadPage.Of(Report());

        string[] outside = ["<script", "<link", "<img", "<iframe", "src=", "href=", "url(", "@import", "@font-face", "https:"];
        foreach (var word in outside) Assert.DoesNotContain(word, page, StringComparison.OrdinalIgnoreCase);
        // The API that was measured is named, and nothing else.
        Assert.All(Address().Matches(page), address => Assert.Equal("http://shop.example/", address.Value));
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_its_charts_and_escapes_what_others_have_said()
    {
        var page = LoadPage.Of(Report());

        var document = XDocument.Parse(page);
        Assert.Equal(
            ["Successful replies per second", "Latency of what ended then", "Distribution of latency", "Errors"],
            document.Descendants("svg").Select(svg => svg.Attribute("aria-label")!.Value));
        Assert.Contains("&lt;script&gt;alert('slow &amp; down')&lt;/script&gt;  \ufffd  ", page, StringComparison.Ordinal);
        Assert.Contains(document.Descendants("td"), cell => cell.Value == "missed");
    }

    [Fact]
    public void Every_drawn_point_lies_within_its_chart()
    {
        foreach (var svg in XDocument.Parse(LoadPage.Of(Report())).Descendants("svg"))
        {
            foreach (var rectangle in svg.Descendants("rect"))
            {
                Assert.InRange(Number(rectangle, "x") + Number(rectangle, "width"), 70, 1000);
                Assert.InRange(Number(rectangle, "y") + Number(rectangle, "height"), 0, 231);
            }

            foreach (var dot in svg.Descendants("circle")) Assert.InRange(Number(dot, "cy"), 13.9, 230.1);
        }

        static double Number(XElement element, string name) => (double)element.Attribute(name)!;
    }

    [Theory]
    [InlineData(0, "0 1")]
    [InlineData(3, "0 1 2 3")]
    [InlineData(97, "0 25 50 75 100")]
    [InlineData(1234, "0 500 1000 1500")]
    public void Counts_have_whole_lines(double max, string ticks) => Assert.Equal(ticks, string.Join(' ', ChartScale.Counts(max).Ticks));

    [Theory]
    [InlineData(0.9, 30, "0.5 1 2 5 10 20 50")]
    [InlineData(0.3, 9000, "1 10 100 1000 10000")]
    [InlineData(5, 5, "5 10")]
    public void Latencies_have_round_lines(double min, double max, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', ChartScale.Logarithmic(min, max).Ticks.Select(tick => Math.Round(tick, 6))));

    private static LoadReport Report()
    {
        var result = LoadMeasuringTests.Result();
        return result.Report([
            LoadThreshold.TryParse("p99<50ms", out _)!.Judge(result), LoadThreshold.TryParse("rate>=1", out _)!.Judge(result)]);
    }

    private static JsonNode Json() => JsonNode.Parse(JsonSerializer.Serialize(Report(), LoadJson.Default.LoadReport))!;

    private static IEnumerable<string> Keys(JsonNode node) => node.AsObject().Select(entry => entry.Key);

    [GeneratedRegex("http://[^ <\",:]*", RegexOptions.None, 1000)]
    private static partial Regex Address();
}

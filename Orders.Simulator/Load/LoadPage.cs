using System.Globalization;
using System.Xml.Linq;

namespace Orders.Simulator.Load;

/// <summary>
/// The report as one page that needs nothing else: no script, no address, no font of its own, charts drawn inside. Every text goes
/// through the XML writer, which escapes it.
/// </summary>
internal static class LoadPage
{
    private const string Service = "service time";

    public static string Of(LoadReport report)
    {
        var charts = new LoadCharts(report);
        var began = report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var title = $"Load: {report.Plan.Scenario}, {began} UTC";
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("meta", new XAttribute("name", "color-scheme"), new XAttribute("content", "light dark")),
                new XElement("title", title), new XElement("style", LoadPageStyle.Css)),
            new XElement("body", new XElement("main",
                new XElement("h1", title), new XElement("p", new XAttribute("class", "plan"), Plan(report)),
                Warnings(report), Tiles(report),
                charts.Throughput(), charts.Latency(), charts.Distribution(), charts.Errors(),
                Thresholds(report), Operations(report), Errors(report), Details(report))));
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static string Plan(LoadReport report)
    {
        var unit = report.Plan.Model == "open" ? "/s" : " users";
        var stages = string.Join(", then ", report.Plan.Stages.Select(stage =>
            Text($"{stage.Level:0.###}{unit} for {ChartScale.Time(stage.Seconds)}")));
        var counts = report.LatencyFrom == "due"
            ? "Latency counts from the moment a request was due, sent or not."
            : "Latency counts from the moment a request was sent: while users wait, nobody asks.";
        return $"{report.Plan.Api}: {stages}, {report.Plan.Model} model. {counts}";
    }

    private static IEnumerable<XElement> Warnings(LoadReport report)
    {
        if (!report.Finished) yield return Warning(Text($"Ended early: this is about {report.MeasuredSeconds:0.#} s."));
        if (!report.KeptUp)
        {
            yield return Warning(Text($"Could not keep up: {report.HeldBack:#,0} requests were held back")
                + (report.Overall.NeverSent > 0
                    ? Text($", {report.Overall.NeverSent:#,0} of them never sent and counted as errors.") : ", and sent late."));
        }

        if (report.RestocksFailed > 0)
            yield return Warning(Text($"{report.RestocksFailed} times a product that was sold out could not be restocked."));
        var missed = report.Thresholds.Where(threshold => !threshold.Held).Select(threshold => threshold.Threshold).ToList();
        if (missed.Count > 0) yield return Warning("Missed: " + string.Join(", ", missed));
    }

    private static XElement Warning(string text) => new("p", new XAttribute("class", "warning"), text);

    private static XElement Tiles(LoadReport report)
    {
        var times = report.Overall.LatencyMs;
        return new XElement("div", new XAttribute("class", "tiles"),
            Tile("successful replies", Text($"{report.Overall.Rate:#,0.#}/s"), Text($"{report.Overall.Succeeded:#,0} in all")),
            Tile("p50", Time(times?.P50), "p90 " + Time(times?.P90)),
            Tile("p99", Time(times?.P99), "p99.9 " + Time(times?.P999)),
            Tile("longest", Time(times?.Max), "service " + Time(report.Overall.ServiceMs?.Max)),
            Tile("errors", Text($"{100 * report.Overall.ErrorShare:0.##} %"),
                Text($"{report.Overall.Failed:#,0} failed, {report.Overall.NeverSent:#,0} never sent")));
    }

    private static XElement Tile(string name, string value, string more) => new("div",
        new XElement("span", name), new XElement("b", value), new XElement("small", more));

    private static XElement? Thresholds(LoadReport report) => report.Thresholds.Count == 0 ? null : Table("Thresholds",
        ["bound", "", "was", "missed by"],
        report.Thresholds.Select(threshold => (string[])
        [
            threshold.Threshold, threshold.Held ? "held" : "missed", Value(threshold.Actual, threshold.Unit),
            threshold.MissedBy is { } by ? Value(by, threshold.Unit) : "",
        ]));

    private static string Value(double? value, string unit) => value is null ? "nothing measured" : Text($"{value:#,0.##} {unit}");

    private static XElement Operations(LoadReport report)
    {
        var rows = report.Operations.Select(entry => (Name: entry.Key, Stats: entry.Value)).Append(("all", report.Overall))
            .SelectMany(entry => Rows(entry.Item1, entry.Item2));
        return Table("By operation",
            ["", "ok", "failed", "never sent", "ok/s", "mean", "p50", "p90", "p95", "p99", "p99.9", "longest"], rows);

        IEnumerable<string[]> Rows(string name, LoadStats stats)
        {
            yield return
            [
                name, Text($"{stats.Succeeded:#,0}"), Text($"{stats.Failed:#,0}"), Text($"{stats.NeverSent:#,0}"),
                Text($"{stats.Rate:#,0.#}"), .. Times(stats.LatencyMs),
            ];
            if (report.LatencyFrom == "due") yield return [Service, "", "", "", "", .. Times(stats.ServiceMs)];
        }
    }

    private static string[] Times(LoadTimes? times) =>
        [Time(times?.Mean), Time(times?.P50), Time(times?.P90), Time(times?.P95), Time(times?.P99), Time(times?.P999), Time(times?.Max)];

    private static XElement? Errors(LoadReport report) => report.Errors.Count == 0 ? null : Table("Errors by kind",
        ["operation", "kind", "status", "count", "such as"],
        report.Errors.Select(error => (string[])
        [
            error.Operation, error.Kind, Text($"{error.Status}"), Text($"{error.Count:#,0}"), error.Examples.FirstOrDefault(""),
        ]), "errors");

    private static XElement Details(LoadReport report)
    {
        var plan = report.Plan;
        var mix = string.Join(", ", plan.Mix.Select(weight => Text($"{weight.Key} {weight.Value:0.###}")));
        var rows = new List<string[]>
        {
            new[] { "scenario", plan.Scenario + ": " + mix },
            new[] { "warm-up, ramp", ChartScale.Time(plan.WarmUpSeconds) + ", " + ChartScale.Time(plan.RampSeconds) },
            new[] { "in flight", Text($"at most {report.InFlightMax:#,0}") + (plan.InFlightMax is { } max ? Text($" of {max:#,0}") : "") },
            new[] { "given up after", ChartScale.Time(plan.TimeoutSeconds) },
            new[] { "seed, run", Text($"{plan.Seed}, {plan.Run}") },
            new[] { "restocked", Text($"{report.Restocked:#,0} products that were sold out") },
        };
        if (plan.Arrivals is { } arrivals) rows.Insert(1, ["arrivals", arrivals]);
        if (plan.ThinkSeconds is > 0) rows.Insert(1, ["think time", ChartScale.Time(plan.ThinkSeconds.Value)]);
        if (report.LatenessMs is { } late)
            rows.Add(["sent late by", $"p50 {Time(late.P50)}, p99 {Time(late.P99)}, at most {Time(late.Max)}"]);
        return Table("The run", ["", ""], rows, "texts");
    }

    private static XElement Table(string title, string[] head, IEnumerable<string[]> rows, string style = "numbers") => new("section",
        new XElement("h2", title),
        new XElement("div", new XAttribute("class", "wide"), new XElement("table", new XAttribute("class", style),
            head.All(cell => cell.Length == 0)
                ? null : new XElement("thead", new XElement("tr", head.Select(cell => new XElement("th", cell)))),
            new XElement("tbody", rows.Select(row => new XElement("tr",
                row[0] == Service ? new XAttribute("class", "soft") : null, row.Select(cell => new XElement("td",
                cell == "missed" ? new XAttribute("class", "bad") : null, cell))))))));

    /// <summary>A time for people, to three digits or so.</summary>
    public static string Time(double? milliseconds) => milliseconds is not { } value ? "-" : value switch
    {
        >= 10_000 => Text($"{value / 1000:0.#} s"),
        >= 1000 => Text($"{value / 1000:0.##} s"),
        >= 100 => Text($"{value:0} ms"),
        >= 10 => Text($"{value:0.#} ms"),
        _ => Text($"{value:0.##} ms"),
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

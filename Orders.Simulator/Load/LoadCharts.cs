using System.Globalization;
using System.Xml.Linq;

namespace Orders.Simulator.Load;

/// <summary>The charts of a report.</summary>
internal sealed class LoadCharts(LoadReport report)
{
    private readonly double[] _middles = [.. report.Timeline.Select(slice => slice.At + (slice.Seconds / 2))];
    private readonly double _end = report.Timeline.Count == 0 ? 1 : report.Timeline[^1].At + report.Timeline[^1].Seconds;

    public XElement Throughput()
    {
        var series = report.Operations.Keys
            .Select(name => new ChartSeries(name, name, [.. report.Timeline.Select(slice => (double?)slice.Rates[name])])).ToList();
        if (series.Count > 1)
            series.Add(new ChartSeries("all", "all", [.. report.Timeline.Select(slice => (double?)slice.Rates.Values.Sum())]));
        if (report.Plan.Model == "open")
            series.Add(new ChartSeries("asked for", "target", [.. report.Timeline.Select(slice => (double?)slice.Level)]));
        var max = series.SelectMany(line => line.Values).Max() ?? 0;
        return Lines("Successful replies per second", series, ChartScale.Linear(max), ChartScale.Number,
            value => ChartScale.Number(value) + "/s");
    }

    public XElement Latency()
    {
        ChartSeries[] series =
        [
            Of("p50", "p50", times => times.P50), Of("p90", "p90", times => times.P90), Of("p99", "p99", times => times.P99),
            Of("longest", "max", times => times.Max),
        ];
        var values = series.SelectMany(line => line.Values).OfType<double>().ToList();
        var scale = ChartScale.Logarithmic(values.DefaultIfEmpty(1).Min(), values.DefaultIfEmpty(10).Max());
        return Lines("Latency of what ended then", series, scale, ChartScale.Milliseconds, ChartScale.Milliseconds);

        ChartSeries Of(string name, string style, Func<LoadTimes, double> value) => new(
            name, style, [.. report.Timeline.Select(slice => slice.LatencyMs is { } times ? value(times) : (double?)null)]);
    }

    public XElement Errors()
    {
        ChartSeries[] series =
        [
            new("failed", "failed", [.. report.Timeline.Select(slice => (double?)slice.Failed)]),
            new("held back", "held", [.. report.Timeline.Select(slice => (double?)slice.HeldBack)]),
        ];
        var max = report.Timeline.Select(slice => slice.Failed + slice.HeldBack).DefaultIfEmpty(0).Max();
        if (max == 0) return Card("Errors", [], new XElement("p", new XAttribute("class", "good"), "No request failed or was held back."));
        var chart = Chart("Errors", ChartScale.Counts(max), ChartScale.Number)
            .AddBars(series, [.. report.Timeline.Select(slice => (slice.At, slice.At + slice.Seconds))])
            .AddHints([.. report.Timeline.Select(slice => (slice.At, slice.At + slice.Seconds, string.Create(
                CultureInfo.InvariantCulture, $"{ChartScale.Time(slice.At)}: {slice.Failed} failed, {slice.HeldBack} held back")))]);
        return Card("Errors, and requests held back", series, chart.Drawing);
    }

    public XElement Distribution()
    {
        if (report.Overall.LatencyMs is not { } times || report.Distribution.Count == 0)
            return Card("Distribution of latency", [], new XElement("p", "Nothing was measured."));
        var bins = report.Distribution;
        var (from, to) = (Math.Max(0.05, bins[0].FromMs), bins[^1].ToMs);
        var chart = new LoadChart("Distribution of latency", ChartScale.Logarithmic(from, to), ChartScale.Milliseconds,
                ChartScale.Counts(bins.Max(bin => bin.Count)), ChartScale.Number)
            .AddBars([new ChartSeries("requests", "p90", [.. bins.Select(bin => (double?)bin.Count)])],
                [.. bins.Select(bin => (Math.Max(from, bin.FromMs), bin.ToMs))])
            .Mark(times.P50, "p50 " + LoadPage.Time(times.P50), 0)
            .Mark(times.P90, "p90 " + LoadPage.Time(times.P90), 1)
            .Mark(times.P99, "p99 " + LoadPage.Time(times.P99), 2)
            .AddHints([.. bins.Select(bin => (Math.Max(from, bin.FromMs), bin.ToMs, string.Create(CultureInfo.InvariantCulture,
                $"{ChartScale.Milliseconds(bin.FromMs)} to {ChartScale.Milliseconds(bin.ToMs)}: {bin.Count}")))]);
        return Card("Distribution of latency", [], chart.Drawing);
    }

    private XElement Lines(
        string title, IReadOnlyList<ChartSeries> series, ChartScale scale, Func<double, string> tick, Func<double, string> hint)
    {
        var chart = Chart(title, scale, tick);
        foreach (var line in series) chart.AddLine(line, _middles);
        chart.AddHints([.. report.Timeline.Select((slice, index) => (slice.At, slice.At + slice.Seconds, Hint(slice, index)))]);
        return Card(title, series, chart.Drawing);

        string Hint(LoadReportSlice slice, int index) => ChartScale.Time(slice.At) + (slice.WarmUp ? " (warm-up)" : "")
            + string.Concat(series.Select(line => line.Values[index] is { } value ? $"\n{line.Name} {hint(value)}" : ""));
    }

    private LoadChart Chart(string title, ChartScale y, Func<double, string> tick) =>
        new LoadChart(title, ChartScale.Seconds(_end), ChartScale.Time, y, tick).Shade(0, report.Plan.WarmUpSeconds, "warm-up");

    private static XElement Card(string title, IReadOnlyList<ChartSeries> series, XElement content)
    {
        var legend = new XElement("p", new XAttribute("class", "legend"), series.Select(line =>
            new XElement("span", new XElement("i", new XAttribute("class", line.Style), ""), line.Name)));
        return new XElement("section", new XElement("h2", title), series.Count > 0 ? legend : null, content);
    }
}

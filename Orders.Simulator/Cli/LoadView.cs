using System.Globalization;
using Orders.Simulator.Load;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>Shows a load test while it runs: a table that is drawn anew on a terminal, elsewhere a line now and then.</summary>
internal sealed class LoadView(Terminal terminal, LoadPlan plan, LoadRecorder recorder, LoadRun run, TimeProvider time)
    : WorkView(terminal, time)
{
    private static readonly TimeSpan BetweenTables = TimeSpan.FromMilliseconds(500);

    private (TimeSpan At, long Ended) _before;

    protected override Task DrawAsync(Task work) => Terminal.Error.Live(new Text("")).AutoClear(true).StartAsync(async live =>
    {
        while (!await EndsWithinAsync(work, BetweenTables))
        {
            live.UpdateTarget(Table());
            live.Refresh();
        }
    });

    protected override string Line()
    {
        var overall = recorder.Overall();
        return string.Create(CultureInfo.InvariantCulture,
            $"{Progress()}; {Pace():F0}/s, {recorder.InFlight} in flight; p50 {LoadText.Of(overall.Latency.Percentile(50))}, "
            + $"p99 {LoadText.Of(overall.Latency.Percentile(99))}, {overall.Failed} failed") + Held();
    }

    private Table Table()
    {
        var overall = recorder.Overall();
        var table = new Table().RoundedBorder().Title(Markup.Escape(Progress()))
            .AddColumns("", "ok", "failed", "p50", "p90", "p99", "p99.9", "max");
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        foreach (var operation in LoadOperations.All.Where(plan.Mix.Has)) AddRow(table, operation.ToWire(), recorder.Of(operation));
        AddRow(table, "all", overall);
        return table.Caption(Markup.Escape(string.Create(CultureInfo.InvariantCulture,
            $"{Pace():F0} replies/s, {recorder.InFlight} in flight") + Held()));
    }

    private static void AddRow(Table table, string name, LoadMeter meter)
    {
        var latency = meter.Latency;
        table.AddRow(
            new Text(name), Count(meter.Succeeded, ""), Count(meter.Failed, "red"), Time(50), Time(90), Time(99), Time(99.9),
            new Text(LoadText.Of(latency.Max)));

        Text Time(double percent) => new(LoadText.Of(latency.Percentile(percent)));

        static Text Count(long count, string colour) => new(
            count.ToString(CultureInfo.InvariantCulture), count > 0 && colour.Length > 0 ? Style.Parse(colour) : Style.Plain);
    }

    private string Progress()
    {
        var now = run.Now;
        var phase = now < plan.WarmUp ? "warming up, " : now >= plan.Shape.Length ? "waiting for the last replies, " : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{phase}{Math.Min(now.TotalSeconds, plan.Shape.Length.TotalSeconds):F0} of {plan.Shape.Length.TotalSeconds:F0} s, ")
            + LoadSummary.Level(plan.Model, plan.Shape.LevelAt(now));
    }

    private string Held() => recorder.HeldBack == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
        $"; CANNOT KEEP UP: {recorder.HeldBack} held back");

    /// <summary>Replies per second since the last look, warm-up included.</summary>
    private double Pace()
    {
        var (now, ended) = (run.Now, recorder.Sent - recorder.InFlight);
        var pace = (ended - _before.Ended) / Math.Max(0.001, (now - _before.At).TotalSeconds);
        _before = (now, ended);
        return pace;
    }
}

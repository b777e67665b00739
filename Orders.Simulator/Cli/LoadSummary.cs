using System.Globalization;
using Orders.Simulator.Api;
using Orders.Simulator.Load;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>What a load test came to, on standard output.</summary>
internal static class LoadSummary
{
    private const int SaidMax = 120;

    /// <summary>Timers alone make requests a millisecond or two late.</summary>
    private static readonly TimeSpan LateMax = TimeSpan.FromMilliseconds(10);

    /// <summary>What is about to happen.</summary>
    public static string Plan(LoadPlan plan)
    {
        var mix = string.Join(", ", plan.Mix.Weights.Select(weight =>
            string.Create(CultureInfo.InvariantCulture, $"{weight.Key.ToWire()} {weight.Value:0.###}")));
        var stages = string.Join(", then ", plan.Stages.Select(stage =>
            Level(plan.Model, stage.Level) + " for " + Seconds(stage.Length)));
        return $"{plan.Scenario} ({mix}): {stages}"
            + (plan.Model == LoadModel.Open ? plan.IsPoisson ? ", at random" : ", evenly" : "")
            + (plan.Ramp > TimeSpan.Zero ? ", ramps of " + Seconds(plan.Ramp) : "")
            + (plan.WarmUp > TimeSpan.Zero ? ", after " + Seconds(plan.WarmUp) + " of warm-up" : "")
            + FormattableString.Invariant($"; seed {plan.Seed}, run {plan.Run}");
    }

    /// <summary>A level for people.</summary>
    public static string Level(LoadModel model, double level) => model == LoadModel.Open
        ? string.Create(CultureInfo.InvariantCulture, $"{level:0.#}/s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(level):0} users");

    public static void Say(Terminal terminal, LoadResult result, IReadOnlyList<ThresholdOutcome> thresholds)
    {
        var open = result.Plan.Model == LoadModel.Open;
        terminal.Say(FormattableString.Invariant($"load: {result.Plan.Scenario}, {result.Measured.TotalSeconds:F1} s measured"));
        terminal.Say(open
            ? "latency counts from the moment a request was due; service, from the moment it was sent"
            : "closed model: latency counts from the moment a request was sent; while users wait, nobody asks");
        terminal.Out.Write(Table(result, open, terminal.IsColourful));
        if (open) SayPace(terminal, result);
        if (result.Recorder.Interrupted > 0)
            terminal.Say(FormattableString.Invariant($"{result.Recorder.Interrupted} requests were broken off: their outcome is unknown"));
        SayErrors(terminal, result);
        foreach (var outcome in thresholds) terminal.Say("threshold " + outcome);
    }

    private static Table Table(LoadResult result, bool open, bool colourful)
    {
        var table = new Table().AddColumns("", "ok", "failed", "errors", "ok/s", "p50", "p90", "p99", "p99.9", "max");
        table.Border = colourful ? TableBorder.Rounded : TableBorder.Ascii;
        foreach (var column in table.Columns.Skip(1)) column.RightAligned();
        foreach (var (operation, meter) in result.Operations) AddRows(table, operation.ToWire(), result, meter, open);
        AddRows(table, "all", result, result.Overall, open);
        return table;
    }

    private static void AddRows(Table table, string name, LoadResult result, LoadMeter meter, bool open)
    {
        table.AddRow([
            name, Text($"{meter.Succeeded}"), Text($"{meter.Failed}"), Text($"{100 * meter.ErrorShare:0.##}%"),
            Text($"{result.RateOf(meter):F1}"), .. Times(meter.Latency)]);
        if (open) table.AddRow(["  service", "", "", "", "", .. Times(meter.Service)]);
    }

    private static string[] Times(LatencyHistogram times) => times.Count == 0 ? ["-", "-", "-", "-", "-"] :
    [
        LoadText.Of(times.Percentile(50)), LoadText.Of(times.Percentile(90)), LoadText.Of(times.Percentile(99)),
        LoadText.Of(times.Percentile(99.9)), LoadText.Of(times.Max),
    ];

    private static void SayPace(Terminal terminal, LoadResult result)
    {
        var (recorder, never) = (result.Recorder, result.Overall.NeverSent);
        var late = recorder.Lateness.Percentile(99);
        terminal.Say((result.HasKeptUp
            ? FormattableString.Invariant($"kept up: at most {recorder.InFlightMax} in flight")
            : FormattableString.Invariant($"DID NOT KEEP UP: {recorder.HeldBack} requests held back with {recorder.InFlightMax} in flight")
                + (never > 0 ? FormattableString.Invariant($", {never} of them never sent and counted as errors") : ""))
            + "; p99 sent " + LoadText.Of(late) + " late");
        if (result.HasKeptUp && late > LateMax)
            terminal.Say("the machine that sends is busy: the difference between latency and service is its own");
        if (result.Restocked.Delivered > 0)
            terminal.Say(FormattableString.Invariant($"restocked: {result.Restocked.Delivered} products that were sold out"));
        if (result.Restocked.Failed > 0)
            terminal.Say(FormattableString.Invariant($"NOT restocked: {result.Restocked.Failed} times the API refused it"));
    }

    private static void SayErrors(Terminal terminal, LoadResult result)
    {
        foreach (var (key, tally) in result.Recorder.Errors.OrderByDescending(error => error.Value.Count))
        {
            var status = key.Status is { } code ? FormattableString.Invariant($" {code}") : "";
            terminal.Say(FormattableString.Invariant($"{tally.Count} x {key.Operation.ToWire()}: {key.Kind.ToWire()}{status}")
                + (tally.Examples.Count > 0 ? "; such as " + Line(tally.Examples[0]) : ""));
        }
    }

    private static string Line(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= SaidMax ? line : line[..SaidMax] + "...";
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

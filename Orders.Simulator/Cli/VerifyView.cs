using System.Globalization;
using Orders.Simulator.Verification;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>Shows how far a verification is: a bar for each phase on a terminal, elsewhere a line now and then.</summary>
internal sealed class VerifyView(Terminal terminal, Verifier verifier, TimeProvider time)
    : WorkView(terminal, time)
{
    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(250);

    private readonly long _started = time.GetTimestamp();
    private readonly int _before = verifier.Totals.Acknowledged;

    protected override Task DrawAsync(Task work) => Terminal.Error.Progress().AutoClear(false)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(async bars =>
        {
            var shown = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
            for (var isOver = false; !isOver;)
            {
                isOver = await EndsWithinAsync(work, BetweenBars);
                var (phase, done, total) = Now();
                if (!shown.TryGetValue(phase, out var bar))
                {
                    // Whatever came before is over.
                    foreach (var earlier in shown.Values) earlier.Value = earlier.MaxValue;
                    shown[phase] = bar = bars.AddTask(Markup.Escape(phase));
                }

                bar.MaxValue = Math.Max(1, total);
                bar.Value = isOver ? bar.MaxValue : done;
                bar.Description = Markup.Escape(Line());
            }
        });

    /// <summary>Placing counts what was acknowledged.</summary>
    private (string Phase, long Done, long Total) Now()
    {
        var (phase, done, total) = verifier.Progress.Now;
        return phase == "placing" ? (phase, verifier.Totals.Acknowledged, total) : (phase, done, total);
    }

    protected override string Line()
    {
        var (totals, (phase, done, total)) = (verifier.Totals, Now());
        var differences = verifier.Findings.Count == 0
            ? "" : string.Create(CultureInfo.InvariantCulture, $"; {verifier.Findings.Count} DIFFERENCES");
        if (phase != "placing")
            return string.Create(CultureInfo.InvariantCulture, $"comparing {phase}: {done} of {total}") + differences;
        var seconds = Math.Max(0.001, Clock.GetElapsedTime(_started).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture,
            $"{totals.Acknowledged} orders and {totals.Moves} changes acknowledged, "
            + $"{(totals.Acknowledged - _before) / seconds:F0} orders/s, {totals.Open} open, {totals.Refused} refused, "
            + $"{totals.Unknown} unknown, {verifier.Sampled} sampled") + differences;
    }
}

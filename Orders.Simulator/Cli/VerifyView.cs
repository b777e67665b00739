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
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(async bars =>
        {
            var shown = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
            for (var isOver = false; !isOver;)
            {
                isOver = await EndsWithinAsync(work, BetweenBars);
                var (phase, done, total) = Now();
                if (!shown.TryGetValue(phase, out var bar))
                {
                    foreach (var (ended, earlier) in shown.Where(entry => !entry.Value.IsFinished)) End(ended, earlier);
                    shown[phase] = bar = bars.AddTask(Markup.Escape(phase));
                }

                bar.MaxValue = Math.Max(1, total);
                bar.Value = Math.Min(done, bar.MaxValue - 0.5);
                bar.Description = Markup.Escape(Line());
                if (isOver && work.IsCompletedSuccessfully) End(phase, bar);
            }
        });

    /// <summary>What the bar showed last is as old as the last look at it.</summary>
    private static void End(string phase, ProgressTask bar)
    {
        bar.Value = bar.MaxValue;
        if (phase != "placing") bar.Description = Markup.Escape(phase + " compared");
    }

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

using System.Globalization;
using Orders.Simulator.Verification;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>Shows how far a verification is: a bar for each phase on a terminal, elsewhere a line now and then.</summary>
internal sealed class VerifyView(Terminal terminal, Verifier verifier, TimeProvider time)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(250);

    private readonly long _started = time.GetTimestamp();
    private readonly int _before = verifier.Totals.Acknowledged;

    /// <summary>Returns when the work has ended, with what it ended with.</summary>
    public async Task<T> ShowAsync<T>(Task<T> work)
    {
        if (terminal.Error.Profile.Capabilities.Interactive) await BarsAsync(work);
        else await LinesAsync(work);
        return await work;
    }

    private async Task LinesAsync(Task work)
    {
        while (!await EndsWithinAsync(work, BetweenLines)) terminal.Complain(Line());
    }

    private Task BarsAsync(Task work) => terminal.Error.Progress().AutoClear(false)
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

    private string Line()
    {
        var (totals, (phase, done, total)) = (verifier.Totals, Now());
        var differences = verifier.Findings.Count == 0
            ? "" : string.Create(CultureInfo.InvariantCulture, $"; {verifier.Findings.Count} DIFFERENCES");
        if (phase != "placing")
            return string.Create(CultureInfo.InvariantCulture, $"comparing {phase}: {done} of {total}") + differences;
        var seconds = Math.Max(0.001, time.GetElapsedTime(_started).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture,
            $"{totals.Acknowledged} orders and {totals.Moves} changes acknowledged, "
            + $"{(totals.Acknowledged - _before) / seconds:F0} orders/s, {totals.Open} open, {totals.Refused} refused, "
            + $"{totals.Unknown} unknown, {verifier.Sampled} sampled") + differences;
    }

    private async Task<bool> EndsWithinAsync(Task work, TimeSpan limit)
    {
        using var timer = new CancellationTokenSource();
        await Task.WhenAny(work, Task.Delay(limit, time, timer.Token));
        await timer.CancelAsync();
        return work.IsCompleted;
    }
}

using System.Globalization;
using Orders.Simulator.Histories;
using Spectre.Console;

namespace Orders.Simulator.Cli;

/// <summary>Shows how far a history is while it is sent: bars on a terminal, elsewhere a line now and then.</summary>
/// <param name="done">What is done to orders: sent, or written.</param>
internal sealed class HistoryView(Terminal terminal, HistoryProgress progress, string done, bool isSearchFollowed, TimeProvider time)
    : WorkView(terminal, time)
{
    private static readonly TimeSpan BetweenBars = TimeSpan.FromMilliseconds(250);

    protected override Task DrawAsync(Task work) => Terminal.Error.Progress().AutoClear(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
        .StartAsync(async bars =>
        {
            var sent = bars.AddTask(done, maxValue: Math.Max(1, progress.Count));
            var seen = isSearchFollowed ? bars.AddTask("searchable", maxValue: Math.Max(1, progress.Count)) : null;
            var isOver = false;
            while (!isOver)
            {
                isOver = await EndsWithinAsync(work, BetweenBars);
                sent.Value = Math.Max(progress.Sent, progress.Settled);
                sent.Description = Markup.Escape(done + " " + Pace());
                if (seen is null) continue;
                seen.Value = progress.Seen;
                seen.Description = Markup.Escape("searchable " + Behind());
            }
        });

    protected override string Line() => string.Create(CultureInfo.InvariantCulture,
        $"{progress.Settled} of {progress.Count} orders {done}, {Pace()}")
        + (isSearchFollowed ? string.Create(CultureInfo.InvariantCulture, $"; {progress.Seen} searchable, {Behind()}") : "");

    private string Pace() => string.Create(CultureInfo.InvariantCulture, $"{progress.Rate:F0}/s")
        + (progress.Settled == progress.Count || progress.Left is not { } left ? "" : ", " + Time(left) + " left");

    private string Behind() => progress.Lag is { Orders: > 0 } lag
        ? string.Create(CultureInfo.InvariantCulture, $"{lag.Orders} behind, {Time(lag.Since)}") : "up to date";

    private static string Time(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):F0} s")
        : time < TimeSpan.FromHours(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h");
}

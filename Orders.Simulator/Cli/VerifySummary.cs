using System.Globalization;
using Orders.Simulator.Verification;

namespace Orders.Simulator.Cli;

/// <summary>What a verification found, for people and for scripts: plain lines on standard output.</summary>
internal static class VerifySummary
{
    /// <summary>Examples of one kind of difference; the others are in the report that <c>--json</c> writes.</summary>
    private const int ExamplesMax = 10;

    private const int ReasonsMax = 10;

    public static void Say(Terminal terminal, VerifyReport report)
    {
        var totals = report.Totals;
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture, $"verify: run {report.Run}, seed {report.Seed}, channel {report.Channel}"));
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"sent: {totals.Sent} orders; {totals.Acknowledged} acknowledged, {totals.Refused} refused, {totals.Open} open; "
            + $"{totals.Moves} changes acknowledged, {totals.MovesRefused} refused"));
        foreach (var (why, count) in report.Refusals.Take(ReasonsMax))
            terminal.Say(string.Create(CultureInfo.InvariantCulture, $"  {count} refused, {why}"));
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"unknown outcomes: {totals.Unknown}; {totals.HadBeenDone} had been carried out, {totals.DoneAgain} had not and were then, "
            + $"{totals.UnknownRefused} were then refused; turned away and sent again: {report.TurnedAway}"));
        terminal.Say(string.Create(CultureInfo.InvariantCulture,
            $"placing: {report.PlacingSeconds:F1} s, {report.Flushes} flushes of the ledger; {report.Sampled} sampled meanwhile, "
            + $"{report.SampleSkipped} more were passed over"));
        terminal.Say(string.Create(
            CultureInfo.InvariantCulture, $"compared in {report.CheckingSeconds:F1} s: {Compared(report)}"));
        foreach (var what in report.Unproven) terminal.Say("NOT PROVEN: " + what);
        Differences(terminal, report);
        terminal.Say(report.Proven ? "everything that was acknowledged is there, once and right"
            : report.DifferenceCount > 0 ? FormattableString.Invariant($"{report.DifferenceCount} DIFFERENCES") : "NOT PROVEN");
    }

    private static string Compared(VerifyReport report) => report.Compared.Count == 0
        ? JsonDifferences.Nothing
        : string.Join(", ", report.Compared.Select(place => FormattableString.Invariant($"{place.Key} {place.Value}")));

    /// <summary>What an earlier session has left.</summary>
    public static string Begun(BookTotals totals) => string.Create(CultureInfo.InvariantCulture,
        $"the ledger has {totals.Acknowledged} acknowledged orders with {totals.Moves} changes, "
        + $"and {totals.Open} requests without an outcome");

    public static string HowFar(BookTotals totals) => string.Create(CultureInfo.InvariantCulture,
        $"{totals.Acknowledged} orders are acknowledged, {totals.Open} requests have no outcome yet; the same command again goes on")
        + " and doubles nothing";

    private static void Differences(Terminal terminal, VerifyReport report)
    {
        foreach (var kind in report.Differences.GroupBy(difference => (difference.Where, difference.Kind)))
        {
            terminal.Say(FormattableString.Invariant($"{kind.Key.Where}, {kind.Key.Kind}: {kind.Count()}"));
            foreach (var one in kind.Take(ExamplesMax))
            {
                var what = one.Field is { Length: > 0 } field ? field + ": " : "";
                var id = one.OrderId is null ? "" : $" ({one.OrderId})";
                var values = one.Expected is null && one.Found is null ? "" : $": {what}expected {one.Expected}, found {one.Found}";
                terminal.Say($"  {one.Order}{id}{values}");
            }
        }
    }
}

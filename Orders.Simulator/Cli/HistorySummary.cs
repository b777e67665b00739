using Orders.Simulator.Histories;

namespace Orders.Simulator.Cli;

/// <summary>What became of a history, for people and for scripts: plain lines on standard output.</summary>
internal static class HistorySummary
{
    public static void Say(
        Terminal terminal, HistoryPlan plan, HistoryResult result, HistoryRejections rejections, TimeSpan patience)
    {
        terminal.Say("history: " + plan);
        var seconds = result.SendTime.TotalSeconds;
        terminal.Say(FormattableString.Invariant(
            $"sent: {result.Sent} orders in {seconds:F1} s, {(seconds > 0 ? result.Sent / seconds : 0):F0}/s"));
        terminal.Say(FormattableString.Invariant(
            $"orders: {result.Accepted} new, {result.Unchanged} there already, {result.Rejected} rejected"));
        foreach (var (reason, count, examples) in rejections.Reasons)
            terminal.Say(FormattableString.Invariant($"  {count} rejected, {reason}; such as {string.Join(", ", examples)}"));
        terminal.Say("searchable: " + Searchable(result, patience));
    }

    private static string Searchable(HistoryResult result, TimeSpan patience) => result.Search switch
    {
        null => "not waited for",
        { IsGivenUp: true } => "not waited for: more lines were rejected than the API has named",
        { Missing: > 0 } search => FormattableString.Invariant(
            $"NOT all; {search.Found} were found, then {search.Missing} were missing for {patience.TotalSeconds:F0} s"),
        { } search => FormattableString.Invariant($"all {search.Found}, {result.SearchTime.TotalSeconds:F1} s after the last was sent")
            + (search.TooOld == 0 ? "" : FormattableString.Invariant($"; {search.TooOld} closed orders are too old for the search index")),
    };
}

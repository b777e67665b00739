using Orders.Simulator.Api;

namespace Orders.Simulator.Histories;

/// <summary>How a history is sent.</summary>
/// <param name="PartOrders">Lines of one import.</param>
/// <param name="State">Where it is kept how far it is; null: nowhere.</param>
/// <param name="Patience">How long the API, or search, may get nowhere.</param>
/// <param name="IndexSince">Closed orders from before are not in the search index; null: search is not waited for.</param>
internal sealed record HistoryRunOptions(int PartOrders, FileInfo? State, TimeSpan Patience, DateTimeOffset? IndexSince);

/// <summary>Totals of all sessions.</summary>
/// <param name="Sent">What this session sent.</param>
/// <param name="SendTime">How long that took.</param>
/// <param name="SearchTime">From the last acknowledgement until all was found.</param>
internal sealed record HistoryResult(
    long Accepted, long Unchanged, long Rejected, long Sent, TimeSpan SendTime, SearchOutcome? Search, TimeSpan SearchTime)
{
    public bool IsComplete => Rejected == 0 && Search is not ({ Missing: > 0 } or { IsGivenUp: true });
}

/// <summary>
/// Sends a history and follows it through search at the same time. Resumable: with a state file from the first part that was not
/// acknowledged, without one from the beginning. Either way the same orders come out of it.
/// </summary>
internal sealed class HistoryRun(
    OrdersApi api, HistorySource source, HistoryState begin, HistoryProgress progress, HistoryRunOptions options, TimeProvider time,
    Action<string> note)
{
    private readonly HistoryState _begin = begin;
    private HistoryState _state = begin;
    private TimeSpan _sendTime;

    public HistoryRejections Rejections { get; } = new();

    /// <summary>The API has acknowledged so many lines by now.</summary>
    public long Settled => _state.Next;

    public async Task<HistoryResult> RunAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Rejections.AddUnnamed(_begin.Rejected);
        var searching = options.IndexSince is { } since
            ? new SearchFollower(api, source, progress, time, since, options.Patience).FollowAsync(Rejections, either.Token)
            : null;
        var sending = SendAsync(either.Token);
        try
        {
            // Whichever fails ends the other: a key that may not search would otherwise be noticed at the end.
            var first = searching is null ? sending : await Task.WhenAny(sending, searching);
            await first;
            await sending;
            var search = searching is null ? null : await searching;
            return new HistoryResult(
                _state.Accepted, _state.Unchanged, _state.Rejected, progress.Count - _begin.Next, _sendTime, search,
                searching is null ? TimeSpan.Zero : time.GetElapsedTime(progress.LastSettled));
        }
        finally
        {
            await either.CancelAsync();
            // What ended it is on its way out; the other one ends because of it.
            await Task.WhenAll(sending, searching ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var sender = new HistorySender(api, source, progress, time, options.Patience, note);
        // Before anything is sent: a file that cannot be written is noticed, and a kill does not forget the dates.
        if (options.State is { } kept) await _state.WriteAsync(kept, CancellationToken.None);
        while (_state.Next < progress.Count)
        {
            var (first, count) = (_state.Next, Math.Min(options.PartOrders, progress.Count - _state.Next));
            var report = await sender.SendAsync(first, count, cancel);
            Rejections.Add(first, report);
            _state = _state with
            {
                Next = first + count, Accepted = _state.Accepted + report.Accepted, Unchanged = _state.Unchanged + report.Unchanged,
                Rejected = _state.Rejected + report.Rejected,
            };
            // Not given up half-way: the part is acknowledged, and the file says so from now on.
            if (options.State is { } file) await _state.WriteAsync(file, CancellationToken.None);
            progress.SettledUpTo(_state.Next);
        }

        _sendTime = time.GetElapsedTime(started);
    }
}

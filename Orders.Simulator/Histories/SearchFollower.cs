using System.Globalization;
using Orders.Simulator.Api;

namespace Orders.Simulator.Histories;

/// <summary>What a search found in the end.</summary>
/// <param name="Found">Orders that were seen.</param>
/// <param name="TooOld">Closed orders from before the index begins.</param>
/// <param name="Missing">Orders that were waited for in vain, of the slice at which it was given up.</param>
/// <param name="IsGivenUp">Nobody knows which orders the API has taken, so nobody can wait for them.</param>
internal sealed record SearchOutcome(long Found, long TooOld, long Missing, bool IsGivenUp = false);

/// <summary>
/// Looks for every order of a history in search, slice by slice, behind the sender. Not a sample and not a count: the ids of the hits
/// are those of the orders, so other people's orders of the same days do not disturb.
/// </summary>
/// <param name="progress">Says how far the sender is, and is told how far search is.</param>
/// <param name="indexSince">Closed orders that were placed before are not in the index.</param>
/// <param name="patience">How long no further order may be found after the last was sent.</param>
internal sealed class SearchFollower(
    OrdersApi api, HistorySource source, HistoryProgress progress, TimeProvider time, DateTimeOffset indexSince, TimeSpan patience)
{
    /// <summary>Orders of a slice: less than a page, so that neighbours within the same millisecond have room.</summary>
    private const int SliceOrders = OrdersApi.PageSize - 20;

    /// <summary>With more pages there are so many other orders that ours are asked for one by one.</summary>
    private const int PagesMax = 10;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <param name="rejections">Orders that the API did not take; grows while the sender works.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<SearchOutcome> FollowAsync(HistoryRejections rejections, CancellationToken cancel)
    {
        var (found, tooOld) = (0L, 0L);
        for (var first = 0L; first < progress.Count; first += SliceOrders)
        {
            var end = Math.Min(progress.Count, first + SliceOrders);
            while (progress.Settled < end) await Task.Delay(Look, time, cancel);
            if (rejections.Unnamed > 0) return new SearchOutcome(found, tooOld, 0, IsGivenUp: true);
            var slice = Take(first, end, rejections);
            var missing = slice.Ids.Count == 0 ? 0 : await WaitAsync(slice, cancel);
            found += slice.Ids.Count - missing;
            tooOld += slice.TooOld;
            if (missing > 0) return new SearchOutcome(found, tooOld, missing);
            progress.SeenUpTo(end);
        }

        return new SearchOutcome(found, tooOld, 0);
    }

    private Slice Take(long first, long end, HistoryRejections rejections)
    {
        var (ids, tooOld) = (new HashSet<string>(StringComparer.Ordinal), 0);
        DateTimeOffset? from = null, to = null;
        for (var number = first; number < end; number++)
        {
            if (rejections.Has(number)) continue;
            var order = source.At(number);
            if (order.PlacedAt < indexSince && !LifeSoFar.Of(order, source.Plan.Now).IsOpen)
            {
                tooOld++;
                continue;
            }

            ids.Add(OrderLine.IdOf(order));
            from ??= order.PlacedAt;
            to = order.PlacedAt;
        }

        return new Slice(ids, tooOld, from, to);
    }

    /// <returns>How many of them were not found.</returns>
    private async Task<int> WaitAsync(Slice slice, CancellationToken cancel)
    {
        var (wanted, lastSeen) = (new HashSet<string>(slice.Ids, StringComparer.Ordinal), time.GetTimestamp());
        for (var pause = Look; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            var before = wanted.Count;
            wanted.ExceptWith(await TryFindAsync(slice, wanted, cancel));
            if (wanted.Count == 0) return 0;
            if (wanted.Count < before) lastSeen = time.GetTimestamp();
            var since = Math.Max(lastSeen, progress.LastSettled);
            if (progress.Settled == progress.Count && time.GetElapsedTime(since) >= patience) return wanted.Count;
            await Task.Delay(pause, time, cancel);
        }
    }

    /// <summary>Nothing, when search does not answer: that is waited for like the orders.</summary>
    private async Task<HashSet<string>> TryFindAsync(Slice slice, HashSet<string> wanted, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        try
        {
            return await FindAsync(slice, wanted, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [];
        }
    }

    private async Task<HashSet<string>> FindAsync(Slice slice, HashSet<string> wanted, CancellationToken cancel)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        // The index keeps milliseconds: the next one after the last is the first that is too late.
        var range = $"placed_from={Text(slice.From!.Value)}&placed_to={Text(slice.To!.Value.AddMilliseconds(1))}";
        for (var number = 1; number <= PagesMax; number++)
        {
            var page = await api.SearchAsync(
                string.Create(CultureInfo.InvariantCulture, $"{range}&page_size={OrdersApi.PageSize}&page={number}"), cancel);
            found.UnionWith(page.Hits.Select(hit => hit.Id));
            if (number >= page.TotalPages || found.IsSupersetOf(wanted)) return found;
        }

        foreach (var id in wanted.Where(id => !found.Contains(id)).ToList())
        {
            var page = await api.SearchAsync($"q={id}&page_size=1", cancel);
            found.UnionWith(page.Hits.Select(hit => hit.Id));
        }

        return found;
    }

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record Slice(HashSet<string> Ids, int TooOld, DateTimeOffset? From, DateTimeOffset? To);
}

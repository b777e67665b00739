using System.Globalization;
using System.Text.Json;
using Orders.Simulator.Api;

namespace Orders.Simulator.Verification;

/// <summary>
/// Every acknowledged order in the search index, window by window of the time of placing: all hits of a window are read, ours compared, and
/// what has the run's channel and is not ours is found too. Search may be behind, so a window is looked at until it is right or for as long
/// as patience lasts without anything getting better.
/// </summary>
internal sealed class SearchCheck(
    PatientApi api, OrderComparer comparer, VerifyBook book, Findings findings, VerifyProgress progress, TimeProvider time)
{
    /// <summary>Less than a page, so that other people's orders have room on it.</summary>
    private const int WindowOrders = OrdersApi.PageSize - 40;

    /// <summary>With more pages there are so many other orders that ours are asked for one by one.</summary>
    private const int PagesMax = 25;

    private const int AtOnce = 4;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>What lies between two orders that are further apart is none of ours.</summary>
    private static readonly TimeSpan GapMax = TimeSpan.FromMinutes(1);

    private long _better = time.GetTimestamp();

    public async Task RunAsync(CancellationToken cancel)
    {
        progress.Begin(Places.Search, book.Totals.Acknowledged);
        Interlocked.Exchange(ref _better, time.GetTimestamp());
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel };
        await Parallel.ForEachAsync(Windows(), options, async (window, token) => await WaitAsync(window, token));
    }

    private List<Window> Windows()
    {
        int[] numbers = [.. Enumerable.Range(0, book.Count).Where(number => book[number].Exists)];
        long[] instants = [.. numbers.Select(number => book[number].PlacedAt.ToUnixTimeMilliseconds())];
        Array.Sort(instants, numbers);
        var windows = new List<Window>();
        for (var (first, end) = (0, 0); first < numbers.Length; first = end)
        {
            // The index keeps milliseconds: orders of one stay together.
            for (end = first + 1; end < numbers.Length && (end - first < WindowOrders || instants[end] == instants[end - 1])
                && instants[end] - instants[end - 1] < GapMax.TotalMilliseconds; end++)
            {
            }

            var isNear = end < numbers.Length && instants[end] - instants[end - 1] < GapMax.TotalMilliseconds;
            windows.Add(new Window(instants[first], isNear ? instants[end] : instants[end - 1] + 1, numbers[first..end]));
        }

        return windows;
    }

    private async Task WaitAsync(Window window, CancellationToken cancel)
    {
        var wanted = window.Numbers.ToDictionary(number => book[number].OrderId, StringComparer.Ordinal);
        for (var pause = FirstLook; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            var before = wanted.Count;
            var found = await PassAsync(window, wanted, cancel);
            progress.Advance(before - wanted.Count);
            if (wanted.Count == 0 && found.Ghosts.Count == 0) return;
            if (wanted.Count < before) Interlocked.Exchange(ref _better, time.GetTimestamp());
            if (time.GetElapsedTime(Interlocked.Read(ref _better)) >= api.Patience)
            {
                Tell(wanted, found);
                return;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    private void Tell(Dictionary<string, int> wanted, Found found)
    {
        foreach (var (id, number) in wanted)
        {
            var expected = book[number].Version.ToString(CultureInfo.InvariantCulture);
            if (found.Older.TryGetValue(id, out var version))
                comparer.Add(Places.Search, "stale", number, new FieldDifference("version", expected, version));
            else
                comparer.Add(Places.Search, "lost", number, new FieldDifference("", "one document", JsonDifferences.Nothing));
        }

        foreach (var id in found.Ghosts)
            findings.Add(new Difference(Places.Search, "stray", comparer.Plan.Channel, id, null, "no such document", "one"));
    }

    /// <summary>Takes out of <paramref name="wanted"/> what is there as it was acknowledged.</summary>
    private async Task<Found> PassAsync(Window window, Dictionary<string, int> wanted, CancellationToken cancel)
    {
        var found = new Found([], new Dictionary<string, string>(StringComparer.Ordinal));
        var ours = window.Numbers.Select(number => book[number].OrderId).ToHashSet(StringComparer.Ordinal);
        for (var number = 1; number <= PagesMax; number++)
        {
            using var page = await ReadAsync(string.Create(CultureInfo.InvariantCulture,
                $"placed_from={Text(window.From)}&placed_to={Text(window.To)}&sort=placed_at&page={number}")
                + FormattableString.Invariant($"&page_size={OrdersApi.PageSize}"), cancel);
            foreach (var hit in page.RootElement.GetProperty("hits").EnumerateArray()) Look(hit, wanted, ours, found);
            if (number >= page.RootElement.GetProperty("total_pages").GetInt32()) return found;
        }

        foreach (var id in wanted.Keys.ToList())
        {
            using var page = await ReadAsync($"q={id}&page_size=2", cancel);
            foreach (var hit in page.RootElement.GetProperty("hits").EnumerateArray()) Look(hit, wanted, ours, found);
        }

        return found;
    }

    private void Look(JsonElement hit, Dictionary<string, int> wanted, HashSet<string> ours, Found found)
    {
        var id = hit.GetProperty("id").GetString()!;
        if (wanted.TryGetValue(id, out var number))
        {
            if (comparer.CompareHit(number, hit, book[number].Version)) wanted.Remove(id);
            else found.Older[id] = hit.GetProperty("version").GetRawText();
        }
        else if (!ours.Contains(id) && hit.TryGetProperty("channel", out var channel) && channel.ValueEquals(comparer.Plan.Channel)
            && book.Totals.Open == 0)
        {
            found.Ghosts.Add(id);
        }
    }

    private async Task<JsonDocument> ReadAsync(string query, CancellationToken cancel) =>
        JsonDocument.Parse(await api.ReadAsync("/v1/orders/search?" + query, cancel));

    private static string Text(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <param name="From">The first millisecond.</param>
    /// <param name="To">The first that is not in it.</param>
    private sealed record Window(long From, long To, int[] Numbers);

    /// <param name="Ghosts">Documents of the run's channel that are no order of ours.</param>
    /// <param name="Older">Version of documents that are not as new as was acknowledged.</param>
    private sealed record Found(HashSet<string> Ghosts, Dictionary<string, string> Older);
}

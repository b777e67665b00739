using System.Text.Json;
using System.Threading.Channels;

namespace Orders.Simulator.Verification;

/// <summary>
/// Looks at orders while others are placed and changed: by id (through the cache), in the list (from the database), in search and in
/// analytics. Nothing may be older than what was acknowledged before it was asked for; search and analytics have <see
/// cref="PatientApi.Patience"/>. What comes faster than it can be looked at is passed over: at the end everything is compared.
/// </summary>
internal sealed class Sampler(
    PatientApi api, OrderComparer comparer, VerifyBook book, AnalyticsReader analytics, Findings findings, TimeProvider time)
{
    private const int QueuedMax = 1000;
    private const int Lookers = 4;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenSums = TimeSpan.FromSeconds(2);

    private readonly Channel<int> _queue = Channel.CreateBounded<int>(QueuedMax);
    private long _looked;
    private long _skipped;

    /// <summary>Orders that were looked at, at one moment each.</summary>
    public long Looked => Interlocked.Read(ref _looked);

    /// <summary>Orders that there was no time for, or no answer.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>Something was acknowledged that is worth looking at.</summary>
    public void Offer(int number)
    {
        if (!_queue.Writer.TryWrite(number)) Interlocked.Increment(ref _skipped);
    }

    /// <summary>They end by cancellation, or because the key is no good.</summary>
    public IEnumerable<Task> Run(CancellationToken cancel) =>
        [.. Enumerable.Range(0, Lookers).Select(_ => LookAsync(cancel)), SumAsync(cancel)];

    private async Task LookAsync(CancellationToken cancel)
    {
        // What the end of the run cuts short is passed over like what there was no time for.
        await using var end = cancel.Register(() =>
        {
            while (_queue.Reader.TryRead(out _)) Interlocked.Increment(ref _skipped);
        });
        await foreach (var number in _queue.Reader.ReadAllAsync(cancel))
        {
            try
            {
                await ReadAsync(number, cancel);
                await ListAsync(number, cancel);
                await SearchAsync(number, cancel);
                Interlocked.Increment(ref _looked);
            }
            catch (TimeoutException)
            {
                // Nobody answers: whether all is well is seen at the end.
                Interlocked.Increment(ref _skipped);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                Interlocked.Increment(ref _skipped);
                throw;
            }
        }
    }

    private async Task ReadAsync(int number, CancellationToken cancel)
    {
        var known = book[number];
        if (await api.TryReadAsync("/v1/orders/" + known.OrderId, cancel) is { } json)
            comparer.Compare(Places.Cache, number, json, known.Version);
        else
            comparer.Add(Places.Cache, "lost", number);
    }

    private async Task ListAsync(int number, CancellationToken cancel)
    {
        var known = book[number];
        var path = "/v1/orders?limit=2&external_id=" + Uri.EscapeDataString(comparer.Plan.ExternalId(number));
        using var page = JsonDocument.Parse(await api.ReadAsync(path, cancel));
        var items = page.RootElement.GetProperty("items");
        if (items.GetArrayLength() == 0) comparer.Add(Places.Database, "lost", number);
        foreach (var item in items.EnumerateArray())
            comparer.Compare(Places.Database, number, JsonSerializer.SerializeToUtf8Bytes(item), known.Version);
        if (items.GetArrayLength() > 1) comparer.Add(Places.Database, "doubled", number);
    }

    /// <summary>Until search has what was acknowledged when it was first asked.</summary>
    private async Task SearchAsync(int number, CancellationToken cancel)
    {
        var (known, started) = (book[number], time.GetTimestamp());
        for (var pause = FirstLook; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            using var page = JsonDocument.Parse(await api.ReadAsync($"/v1/orders/search?page_size=2&q={known.OrderId}", cancel));
            var hits = page.RootElement.GetProperty("hits");
            if (hits.GetArrayLength() > 1) comparer.Add(Places.Search, "doubled", number);
            if (hits.GetArrayLength() > 0 && comparer.CompareHit(number, hits[0], known.Version)) return;
            if (time.GetElapsedTime(started) >= api.Patience)
            {
                comparer.Add(Places.Search, hits.GetArrayLength() == 0 ? "lost" : "stale", number, hits.GetArrayLength() == 0 ? null
                    : new FieldDifference("version", $"{known.Version}", hits[0].GetProperty("version").GetRawText()));
                return;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    /// <summary>
    /// How many orders analytics counts: never more than were sent by then, and after a while all that had been acknowledged.
    /// </summary>
    private async Task SumAsync(CancellationToken cancel)
    {
        var acknowledged = new Queue<(int Orders, long At)>();
        for (var due = 0; ; )
        {
            await Task.Delay(BetweenSums, time, cancel);
            acknowledged.Enqueue((book.Totals.Acknowledged, time.GetTimestamp()));
            while (acknowledged.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= api.Patience)
                due = acknowledged.Dequeue().Orders;
            if (await TryCountAsync(cancel) is not { } counted) continue;
            var sent = book.Totals.Sent;
            findings.Looked(Places.Analytics);
            if (counted > sent) Differ("future", FormattableString.Invariant($"at most {sent}, as many as were sent"), counted);
            if (counted < due)
            {
                Differ("stale", FormattableString.Invariant(
                    $"at least {due}, as many as were acknowledged {api.Patience.TotalSeconds:F0} s before"), counted);
            }
        }

        async Task<long?> TryCountAsync(CancellationToken token)
        {
            try
            {
                return await analytics.CountAsync(token);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        void Differ(string kind, string expected, long counted) => findings.Add(new Difference(
            Places.Analytics, kind, comparer.Plan.Channel, null, "orders", expected, FormattableString.Invariant($"{counted}")));
    }
}

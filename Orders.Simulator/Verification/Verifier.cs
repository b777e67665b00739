using Orders.Simulator.Api;

namespace Orders.Simulator.Verification;

/// <summary>How a verification goes.</summary>
/// <param name="Placing">Null: only look.</param>
/// <param name="WithProof">Ask for the API's own proof at the end.</param>
internal sealed record VerifierOptions(VerifyRunOptions? Placing, TimeSpan RequestTimeout, TimeSpan Patience, bool WithProof);

/// <summary>
/// Places orders, looks at them meanwhile, and at the end compares everything that was acknowledged with database, cache, search and
/// analytics.
/// </summary>
internal sealed class Verifier
{
    private readonly VerifierOptions _options;
    private readonly TimeProvider _time;
    private readonly VerifyOrders _orders;
    private readonly VerifyLedger _ledger;
    private readonly PatientApi _api;
    private readonly VerifyClient _client;
    private readonly OrderComparer _comparer;
    private readonly AnalyticsReader _analytics;
    private readonly Sampler _sampler;

    public Verifier(OrdersApi api, VerifyOrders orders, VerifyLedger ledger, VerifierOptions options, TimeProvider time)
    {
        (_options, _time, _orders, _ledger) = (options, time, orders, ledger);
        _api = new PatientApi(api, options.Patience);
        _client = new VerifyClient(api, time, options.RequestTimeout, options.Patience);
        _comparer = new OrderComparer(orders, ledger.Book, Findings);
        _analytics = new AnalyticsReader(_api, orders, ledger.Book, Began(ledger.Book, time.GetUtcNow()), time);
        _sampler = new Sampler(_api, _comparer, ledger.Book, _analytics, Findings, time);
    }

    public Findings Findings { get; } = new();

    public VerifyProgress Progress { get; } = new();

    public BookTotals Totals => _ledger.Book.Totals;

    public long Sampled => _sampler.Looked;

    /// <exception cref="TimeoutException">The API was away for too long while orders were placed: the ledger has what is open.</exception>
    /// <exception cref="ApiRefusedException">The key is no good.</exception>
    public async Task<VerifyReport> RunAsync(CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        if (_options.Placing is { } placing)
        {
            Progress.Begin("placing", placing.Orders ?? 0);
            await new VerifyRun(_api, _client, _orders, _ledger, _comparer, _sampler, placing, _time).RunAsync(cancel);
        }

        var placed = _time.GetTimestamp();
        await CheckAsync(cancel);
        var (plan, totals) = (_orders.Plan, _ledger.Book.Totals);
        return new VerifyReport(
            plan.Api, plan.Seed, plan.Run, plan.Channel, Findings.Count == 0 && Findings.Unproven.Count == 0, totals,
            _ledger.Refusals.ToDictionary(StringComparer.Ordinal), _client.TurnedAway, _sampler.Looked, _sampler.Skipped, _ledger.Flushes,
            _time.GetElapsedTime(started, placed).TotalSeconds, _time.GetElapsedTime(placed).TotalSeconds, Findings.Compared,
            Findings.Unproven, Findings.Count, Findings.Kept);
    }

    /// <summary>When the first order of all sessions was placed.</summary>
    private static DateTimeOffset Began(VerifyBook book, DateTimeOffset now)
    {
        for (var number = 0; number < book.Count; number++)
        {
            if (book[number] is { Exists: true } known && known.PlacedAt < now) now = known.PlacedAt;
        }

        return now;
    }

    /// <summary>What does not answer is not proven, and does not keep the others from being looked at.</summary>
    private async Task CheckAsync(CancellationToken cancel)
    {
        var book = _ledger.Book;
        if (book.Totals.Open > 0)
            Findings.CannotProve(FormattableString.Invariant($"{book.Totals.Open} requests have no outcome yet; the ledger has them"));
        await TryAsync(Places.Database, new DatabaseCheck(_api, _comparer, book, Findings, Progress).RunAsync(cancel));
        await TryAsync(Places.Cache, new ReadCheck(_api, _comparer, _orders, book, Findings, Progress).RunAsync(cancel));
        await TryAsync(Places.Search, new SearchCheck(_api, _comparer, book, Findings, Progress, _time).RunAsync(cancel));
        // Sums that lack what is open would differ for that reason alone.
        if (book.Totals.Open == 0)
            await TryAsync(Places.Analytics,
                new AnalyticsCheck(_api, _analytics, _comparer, Findings, Progress, _time).RunAsync(cancel));
        if (_options.WithProof) await TryAsync(Places.Proof, new ProofCheck(_api, Findings, Progress, _time).RunAsync(cancel));
    }

    private async Task TryAsync(string where, Task check)
    {
        try
        {
            await check;
        }
        catch (Exception error) when (error is TimeoutException or ApiRefusedException or HttpRequestException or IOException)
        {
            Findings.CannotProve($"{where}: {error.Message}");
        }
    }
}

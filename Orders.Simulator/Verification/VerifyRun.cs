using System.Collections.Concurrent;

namespace Orders.Simulator.Verification;

/// <summary>How orders are placed.</summary>
/// <param name="Orders">So many of the run, in all sessions; null: not by number.</param>
/// <param name="Duration">For so long; null: not by time. With neither, only what is open is resolved.</param>
/// <param name="Rate">Orders per second at most; null: as fast as <paramref name="InFlight"/> lets them.</param>
/// <param name="InFlight">Orders that are on their way at once.</param>
/// <param name="Restock">Pieces that a sold-out product gets; 0: none.</param>
internal sealed record VerifyRunOptions(int? Orders, TimeSpan? Duration, double? Rate, int InFlight, int Restock)
{
    public bool GoesOn => Orders is not null || Duration is not null;
}

/// <summary>
/// Places the orders of a run and lets them live. Every request is in the ledger before it is sent, and so is its outcome afterwards. What
/// an earlier session has left open is sent again first.
/// </summary>
internal sealed class VerifyRun(
    PatientApi api, VerifyClient client, VerifyOrders orders, VerifyLedger ledger, OrderComparer comparer, Sampler sampler,
    VerifyRunOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<int, LedgerIntent> _open = new(ledger.Open);
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private readonly int _before = ledger.Book.Count;
    private IEnumerator<int>? _left;
    private int _next = ledger.Book.Count;
    private int _begun;

    public async Task RunAsync(CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] workers = [.. Enumerable.Range(0, options.InFlight).Select(_ => WorkAsync(either.Token))];
        Task[] all = [.. workers, .. sampler.Run(either.Token)];
        try
        {
            // Whichever fails ends the others; the sampler has no end of its own.
            var left = all.ToHashSet();
            while (left.Overlaps(workers))
            {
                var ended = await Task.WhenAny(left);
                left.Remove(ended);
                await ended;
            }
        }
        finally
        {
            await either.CancelAsync();
            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        await Task.Yield();
        while (Next() is { } number)
        {
            await PaceAsync(cancel);
            await LiveAsync(orders.At(number), cancel);
        }
    }

    /// <summary>First what earlier sessions have not brought to its end, then further orders.</summary>
    private int? Next()
    {
        lock (_lock)
        {
            _left ??= Left().GetEnumerator();
            if (_left.MoveNext()) return _left.Current;
            var isOver = options switch
            {
                { Orders: { } orders } when _next >= orders => true,
                { Duration: { } duration } when time.GetElapsedTime(_started) >= duration => true,
                _ => !options.GoesOn || _next >= VerifyPlan.OrdersMax,
            };
            return isOver ? null : _next++;
        }
    }

    private IEnumerable<int> Left() => Enumerable.Range(0, _before).Where(number =>
        ledger.Book[number] is var known && (known.IsOpen || (options.GoesOn && !known.IsRefused
            && known.Version <= orders.At(number).Life.Count)));

    private async Task PaceAsync(CancellationToken cancel)
    {
        if (options.Rate is not { } rate) return;
        var due = TimeSpan.FromSeconds((Interlocked.Increment(ref _begun) - 1) / rate);
        if (due - time.GetElapsedTime(_started) is { Ticks: > 0 } left) await Task.Delay(left, time, cancel);
    }

    private async Task LiveAsync(VerifyOrder order, CancellationToken cancel)
    {
        if (_open.TryRemove(order.Number, out var left))
        {
            await ledger.WonderAsync(left, "the simulator had ended");
            await CarryOutAsync(order, left, cancel);
        }

        while (options.GoesOn && ledger.Book[order.Number] is { IsRefused: false } known && known.Version <= order.Life.Count)
        {
            cancel.ThrowIfCancellationRequested();
            var intent = VerifyRequests.Of(orders.Plan, order, known.Version, known.OrderId);
            await ledger.IntendAsync(intent);
            await CarryOutAsync(order, intent, cancel);
        }
    }

    private async Task CarryOutAsync(VerifyOrder order, LedgerIntent intent, CancellationToken cancel)
    {
        var decision = await client.DecideAsync(intent, why => ledger.WonderAsync(intent, why), cancel);
        if (decision.Order is not { } state)
        {
            await RefuseAsync(intent, decision, cancel);
            return;
        }

        var done = new LedgerDone(
            intent.Order, intent.Step, state.Id, intent.Step == 0 ? state.Number : null, state.UpdatedAt, decision.IsReplay ? true : null);
        if (await ledger.DoneAsync(done))
        {
            comparer.Compare(Places.Reply, intent.Order, decision.Json, intent.Step + 1);
            if (order.IsSampled) sampler.Offer(intent.Order);
            return;
        }

        comparer.Add(Places.Reply, "content", intent.Order, new FieldDifference("id", ledger.Book[intent.Order].OrderId, state.Id));
        await ledger.RefuseAsync(intent, "the reply is about another order");
    }

    /// <summary>
    /// Placing may be refused: things are sold out, customers are suspended. What happens to an order is what its state allows.
    /// </summary>
    private async Task RefuseAsync(LedgerIntent intent, Decision decision, CancellationToken cancel)
    {
        await ledger.RefuseAsync(intent, decision.Why!);
        if (intent.Step > 0 || decision.Why!.EndsWith("key_reused", StringComparison.Ordinal)
            || decision.Why.EndsWith("external_id_taken", StringComparison.Ordinal))
        {
            comparer.Add(Places.Reply, "refused", intent.Order, new FieldDifference(
                intent.Path.Split('/')[^1], "done", decision.Why!));
        }

        if (decision.SoldOut is { } product && options.Restock > 0) await api.RestockAsync(product, options.Restock, cancel);
    }
}

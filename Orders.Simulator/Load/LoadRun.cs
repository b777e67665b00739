namespace Orders.Simulator.Load;

/// <summary>How a run ended.</summary>
/// <param name="Length">How long load was on: the plan's length, or less when it was stopped.</param>
internal sealed record LoadEnd(DateTimeOffset StartedAt, TimeSpan Length, bool IsStopped);

/// <summary>
/// Puts load on the API. In the open model requests come when they are due, also when those before them are not answered; latency counts
/// from that moment, so a stall shows in every request that it has kept waiting (coordinated omission). At most
/// <see cref="LoadPlan.InFlightMax"/> are on their way: who finds no place waits for one, is counted, and keeps its moment.
/// </summary>
internal sealed class LoadRun(LoadPlan plan, LoadSender sender, LoadRecorder recorder, TimeProvider time) : IDisposable
{
    /// <summary>An arrival that is this much too late for the run is not sent any more.</summary>
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(1);

    /// <summary>What is on its way when the run is stopped has so long to end; Ctrl+C is not to be waited for much longer.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    /// <summary>A timer counts whole milliseconds: what is due sooner than this is sent at once.</summary>
    private static readonly TimeSpan HalfTick = TimeSpan.FromMilliseconds(0.5);

    private readonly SemaphoreSlim _places = new(plan.InFlightMax);
    private readonly CancellationTokenSource _requests = new();
    private long _started;
    private long _numbers = -1;
    private TimeSpan? _stoppedAt;
    private TimeSpan _heldUntil;

    /// <summary>Since the beginning of the run.</summary>
    public TimeSpan Now => time.GetElapsedTime(_started);

    /// <param name="stop">Ends the run early; what was measured until then stays.</param>
    public async Task<LoadEnd> RunAsync(CancellationToken stop)
    {
        var startedAt = time.GetUtcNow();
        _started = time.GetTimestamp();
        await using var abort = stop.Register(() =>
        {
            _stoppedAt = Now;
            _requests.CancelAfter(StopGrace);
        });
        if (plan.Model == LoadModel.Open) await ArriveAsync(stop);
        else await Task.WhenAll(Enumerable.Range(0, (int)Math.Ceiling(plan.Shape.LevelMax)).Select(user => UseAsync(user, stop)));
        // All places free again: nothing is on its way.
        for (var place = 0; place < plan.InFlightMax; place++) await _places.WaitAsync(CancellationToken.None);
        return _stoppedAt is { } at && at < plan.Shape.Length
            ? new LoadEnd(startedAt, at, IsStopped: true)
            : new LoadEnd(startedAt, plan.Shape.Length, IsStopped: false);
    }

    public void Dispose()
    {
        _places.Dispose();
        _requests.Dispose();
    }

    private async Task ArriveAsync(CancellationToken stop)
    {
        foreach (var arrival in LoadSchedule.Of(plan))
        {
            if (!await DelayedUntilAsync(arrival.At, stop))
            {
                // What is due was held back by then; the rest is not due.
                if (arrival.At > (_stoppedAt ?? Now)) return;
                recorder.NeverSent(arrival, Now);
                continue;
            }

            if (await HasPlaceAsync(arrival, stop)) _ = CarryOutAsync(arrival.Operation, arrival.Number, arrival.At);
            else recorder.NeverSent(arrival, Now);
        }
    }

    private async Task<bool> HasPlaceAsync(LoadArrival arrival, CancellationToken stop)
    {
        var left = plan.Shape.Length + EndGrace - Now;
        var hasPlace = left > TimeSpan.Zero && _places.Wait(TimeSpan.Zero, CancellationToken.None);
        // Who was due while another one waited was held back by it, also if there is a place now.
        if (!hasPlace || arrival.At < _heldUntil) recorder.Held(arrival.At, Now);
        if (hasPlace) return true;
        try
        {
            return left > TimeSpan.Zero && await _places.WaitAsync(left, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _heldUntil = Now;
        }
    }

    /// <summary>A user of the closed model, who is there while the level is above the number of users before.</summary>
    private async Task UseAsync(int user, CancellationToken stop)
    {
        var thoughts = plan.Stream("thoughts").At(user);
        while (!stop.IsCancellationRequested)
        {
            if (plan.Shape.NextAbove(user, Now) is not { } needed || !await DelayedUntilAsync(needed, stop)) return;
            var number = Interlocked.Increment(ref _numbers);
            await _places.WaitAsync(CancellationToken.None);
            await CarryOutAsync(plan.OperationOf(number), number, Now);
            var next = Now + (plan.Think * (0.5 + thoughts.Unit()));
            await DelayedUntilAsync(next < plan.Shape.Length ? next : plan.Shape.Length, stop);
        }
    }

    private async Task CarryOutAsync(LoadOperation operation, long number, TimeSpan due)
    {
        var sent = Now;
        // What is sent a little early has not waited.
        if (due > sent) due = sent;
        recorder.Begun(due, sent);
        var reply = await sender.SendAsync(operation, number, _requests.Token);
        recorder.Ended(operation, due, sent, Now, reply);
        _places.Release();
    }

    /// <summary>False when the run was stopped before.</summary>
    private async ValueTask<bool> DelayedUntilAsync(TimeSpan at, CancellationToken stop)
    {
        while (at - Now is var left && left >= HalfTick)
        {
            if (stop.IsCancellationRequested) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Round(left.TotalMilliseconds)), time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !stop.IsCancellationRequested;
    }
}

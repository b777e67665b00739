namespace Orders.Indexer.Streams;

/// <summary>
/// Takes one batch through its projection until it is durable: dead letters first, then the documents, over and over with
/// growing pauses while a server is down. It ends only when everything is done or when it is cancelled; nothing is skipped.
/// </summary>
internal sealed partial class BatchWorker(
    IProjection projection, Lease lease, DeadLetterWriter deadLetters, IndexerMetrics metrics, StreamOptions options,
    TimeProvider time, ILogger<BatchWorker> logger)
{
    private readonly Backoff _backoff = new(options.BackoffMin, options.BackoffMax);
    private volatile bool _blocked;
    private bool _prepared;

    /// <summary>The server behind the projection does not take documents just now.</summary>
    public bool IsBlocked => _blocked;

    /// <summary>An empty batch only makes the target ready.</summary>
    public async Task RunAsync(EventBatch batch, CancellationToken cancel)
    {
        try
        {
            await WorkAsync(batch, cancel);
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            // What is given up holds up nothing: a consumer whose partitions have left is not in trouble.
            _blocked = false;
            throw;
        }
    }

    private async Task WorkAsync(EventBatch batch, CancellationToken cancel)
    {
        await UntilDoneAsync(batch, PrepareAsync, cancel);
        if (batch.IsEmpty) return;
        var started = time.GetTimestamp();
        using var trace = BatchTrace.Start(batch, projection.Group, options.TracedEventsMax);
        batch.Trace = trace;
        await UntilDoneAsync(batch, token => deadLetters.WriteAsync(projection, batch.Malformed, token), cancel);
        // What keeps everything keeps account of the places without an event as well.
        if (batch.Events.Count > 0 || projection.EveryVersion) await ApplyAsync(batch, cancel);
        metrics.OlderDropped(projection.Name, batch.Collapsed);
        metrics.Batch(projection.Name, batch.Taken, time.GetElapsedTime(started));
    }

    private async Task ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        BatchOutcome? outcome = null;
        await UntilDoneAsync(batch, async token => outcome = await TryAsync(batch, token), cancel);
        var now = time.GetUtcNow();
        foreach (var applied in outcome!.Applied) metrics.Written(projection.Name, applied.IsFresh ? now - applied.Event.Time : null);
        metrics.OlderDropped(projection.Name, outcome.Older);
        await UntilDoneAsync(batch, token => deadLetters.WriteAsync(projection, outcome.Rejected, token), cancel);
    }

    private async Task PrepareAsync(CancellationToken cancel)
    {
        if (!_prepared) await projection.PrepareAsync(cancel);
        _prepared = true;
    }

    private async Task<BatchOutcome> TryAsync(EventBatch batch, CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        while (lease.Doubt() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel);
        return await projection.ApplyAsync(batch, cancel);
    }

    private async Task UntilDoneAsync(EventBatch batch, Func<CancellationToken, Task> attempt, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await attempt(cancel);
                if (_blocked) LogRecovered(projection.Group);
                _blocked = false;
                _backoff.Reset();
                return;
            }
            catch (Exception failure) when (!cancel.IsCancellationRequested && failure is not PositionMovedException)
            {
                // The edge of the loop: whatever failed, the batch stays and is tried again.
                var wait = _backoff.Next();
                batch.Trace.Failed(failure);
                metrics.Retry(projection.Name);
                // Once in full; an outage of an hour would otherwise fill the log with the same stack.
                if (_blocked) LogFailedAgain(projection.Group, batch.Taken, wait, failure.GetBaseException().Message);
                else LogFailed(projection.Group, batch.Taken, wait, failure);
                _blocked = true;
                _prepared = false;
                await Task.Delay(wait, time, cancel);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Group}: a batch of {Events} events failed; next try in {Wait}")]
    private partial void LogFailed(string group, int events, TimeSpan wait, Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Group}: a batch of {Events} events failed again; next try in {Wait}: {Reason}")]
    private partial void LogFailedAgain(string group, int events, TimeSpan wait, string reason);

    [LoggerMessage(LogLevel.Information, "{Group}: works again")]
    private partial void LogRecovered(string group);
}

using Microsoft.Extensions.Options;

namespace Orders.Indexer.Jobs;

/// <summary>
/// Takes up jobs and sees them through: one of each kind at a time among all processes, each with a lease that is renewed while it
/// runs. A job whose process dies is taken up by another one when the lease has run out, and goes on from what was saved last.
/// </summary>
internal sealed partial class JobRunner(
    IEnumerable<IJob> jobs, JobQueue queue, IndexerMetrics metrics, IOptions<JobOptions> options, TimeProvider time,
    ILogger<JobRunner> logger) : BackgroundService
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, IJob> _jobs = jobs.ToDictionary(job => job.Kind, StringComparer.Ordinal);
    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly JobOptions _options = options.Value;
    private long? _tidiedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.PollInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped: what runs gives its job back.
        }

        await Task.WhenAll(_running.Values);
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            foreach (var (kind, work) in _running.ToList())
            {
                if (work.IsCompleted) _running.Remove(kind);
            }

            while (_jobs.Keys.Except(_running.Keys).ToArray() is { Length: > 0 } free && await queue.ClaimAsync(free, stop) is { } job)
                _running[job.Kind] = Task.Run(() => SeeThroughAsync(job, stop), CancellationToken.None);
            if (_tidiedAt is { } at && time.GetElapsedTime(at) < _options.HousekeepingInterval) return;
            _tidiedAt = time.GetTimestamp();
            await TidyAsync(stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // The edge of the loop: the database is away, and the next look is soon.
            LogLookFailed(failure.GetBaseException().Message);
        }
    }

    private async Task TidyAsync(CancellationToken cancel)
    {
        foreach (var scheduled in _jobs.Values.OfType<IScheduledJob>().Where(job => job.Every > TimeSpan.Zero))
        {
            if (await queue.ScheduleAsync(scheduled.Kind, scheduled.Every, "schedule", cancel) is { } id) LogScheduled(id, scheduled.Kind);
        }

        await queue.RemoveOldAsync(cancel);
    }

    private async Task SeeThroughAsync(ClaimedJob job, CancellationToken stop)
    {
        LogTaken(job.Id, job.Kind, job.Attempt);
        var context = new JobContext(job, queue) { IsCancelled = job.IsCancelled };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lease = new LeaseState();
        var renewing = RenewAsync(job, context, lease, ended);
        Exception? failure = null;
        try
        {
            if (job.IsCancelled) await ended.CancelAsync();
            await _jobs[job.Kind].RunAsync(context, ended.Token);
        }
        catch (Exception error)
        {
            failure = error;
        }

        await ended.CancelAsync();
        await renewing;
        try
        {
            using var patience = new CancellationTokenSource(ReleasePatience, time);
            await SettleAsync(job, context, lease, failure, stop, patience.Token);
        }
        catch (Exception error)
        {
            // The lease runs out and somebody takes the job up again.
            LogSettleFailed(job.Id, job.Kind, error);
        }
    }

    private async Task SettleAsync(
        ClaimedJob job, JobContext context, LeaseState lease, Exception? failure, CancellationToken stop, CancellationToken cancel)
    {
        if (lease.IsLost || failure is JobLostException)
        {
            LogLost(job.Id, job.Kind);
            return;
        }

        if (failure is null)
        {
            await queue.EndAsync(job, "succeeded", context.Result, null, cancel);
            metrics.Job(job.Kind, "succeeded");
            LogSucceeded(job.Id, job.Kind, context.Result);
        }
        else if (context.IsCancelled && !context.IsPastCancelling && failure is OperationCanceledException)
        {
            await queue.EndAsync(job, "cancelled", null, null, cancel);
            metrics.Job(job.Kind, "cancelled");
            LogCancelled(job.Id, job.Kind);
        }
        else if (stop.IsCancellationRequested) await queue.ReleaseAsync(job, TimeSpan.Zero, null, cancel);
        else if (failure is JobFailedException || job.Attempt >= _options.AttemptsMax)
        {
            await queue.EndAsync(job, "failed", context.Result, failure.Message, cancel);
            metrics.Job(job.Kind, "failed");
            LogFailed(job.Id, job.Kind, failure);
        }
        else
        {
            var wait = _options.BackoffMin * Math.Pow(2, Math.Min(job.Attempt - 1, 20));
            if (wait > _options.BackoffMax) wait = _options.BackoffMax;
            await queue.ReleaseAsync(job, wait, failure.GetBaseException().Message, cancel);
            metrics.Job(job.Kind, "retried");
            LogRetried(job.Id, job.Kind, wait, failure);
        }
    }

    /// <summary>Ends <paramref name="ended"/> when the job is cancelled or no longer ours.</summary>
    private async Task RenewAsync(ClaimedJob job, JobContext context, LeaseState lease, CancellationTokenSource ended)
    {
        var renewedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(_options.Lease / 5, time);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                try
                {
                    context.IsCancelled |= await queue.RenewAsync(job, ended.Token);
                    renewedAt = time.GetTimestamp();
                    if (context.IsCancelled && !context.IsPastCancelling) await ended.CancelAsync();
                }
                catch (Exception failure) when (!ended.IsCancellationRequested)
                {
                    // Before another process may believe that nobody works on it, nobody does.
                    if (failure is not JobLostException && time.GetElapsedTime(renewedAt) < _options.Lease * 0.8) continue;
                    lease.IsLost = true;
                    await ended.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
    }

    private sealed class LeaseState
    {
        public volatile bool IsLost;
    }
}

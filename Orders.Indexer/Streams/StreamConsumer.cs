using Microsoft.Extensions.Options;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Indexer.Streams;

/// <summary>
/// Keeps one projection's consumer alive: a thread of its own that runs one <see cref="StreamSession"/> after the other. A
/// session that fails is thrown away with its client, and the next one starts at the offsets that were stored.
/// </summary>
internal sealed partial class StreamConsumer(
    IProjection projection, KafkaClients kafka, DeadLetterWriter deadLetters, IndexerMetrics metrics, LagBoard lag,
    IOptions<StreamOptions> options, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger<StreamConsumer>();
    private readonly StreamOptions _options = options.Value;
    private readonly StreamTrouble _trouble = new(options.Value, time);
    private BatchWorker? _worker;

    public IProjection Projection => projection;

    /// <summary>Null while the stream works; otherwise why it does not.</summary>
    public string? Trouble => _trouble.Says(
        Volatile.Read(ref _worker) is { IsBlocked: true }, lag.Oldest(projection.Group), projection.Shape?.AgeMax ?? TimeSpan.Zero);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => Loop(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Loop(CancellationToken stop)
    {
        var backoff = new Backoff(_options.BackoffMin, _options.BackoffMax);
        while (!stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                EnsureTopics(stop);
                RunSession(stop);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                // The edge of the loop: a broken consumer is replaced, never the process.
                if (time.GetElapsedTime(started) > _options.BackoffMax) backoff.Reset();
                var wait = backoff.Next();
                metrics.Restart(projection.Name);
                _trouble.SessionFailed(failure);
                LogBroken(projection.Group, wait, failure);
                stop.WaitHandle.WaitOne(wait);
            }
            catch (Exception failure)
            {
                LogStopFailed(projection.Group, failure);
            }
        }
    }

    private void EnsureTopics(CancellationToken stop) =>
        kafka.EnsureTopicsAsync(OrderTopics.All, stop).GetAwaiter().GetResult();

    private void RunSession(CancellationToken stop)
    {
        var lease = new Lease(time, _options.PollGapMax, _options.DoubtFor);
        var worker = new BatchWorker(
            projection, lease, deadLetters, metrics, _options, time, loggers.CreateLogger<BatchWorker>());
        Volatile.Write(ref _worker, worker);
        using var session = new StreamSession(
            projection, kafka, _options, worker, lease, lag, _trouble, time, loggers.CreateLogger<StreamSession>());
        session.Run(stop);
    }

    [LoggerMessage(LogLevel.Error, "{Group}: the consumer is replaced in {Wait}")]
    private partial void LogBroken(string group, TimeSpan wait, Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Group}: did not stop cleanly")]
    private partial void LogStopFailed(string group, Exception failure);
}

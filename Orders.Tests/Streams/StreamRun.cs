using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Indexer;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Freshness;
using Orders.Tests.Support;
using Sample = Orders.Tests.Projections.Sample;

namespace Orders.Tests.Streams;

/// <summary>A stream's parts on a scripted Kafka, and one session of them on a thread of its own.</summary>
internal sealed class StreamRun : IAsyncDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CancellationTokenSource _stop = new();
    private readonly DeadLetterWriter _letters;
    private readonly LagBoard _lag;
    private StreamSession? _session;

    public StreamRun(Func<Journal, IProjection>? projection = null, StreamOptions? options = null)
    {
        Options = options ?? new StreamOptions();
        Kafka = new ScriptedKafka(Journal);
        Projection = projection?.Invoke(Journal) ?? new ScriptedProjection(Journal);
        _lag = new LagBoard(Time);
        var metrics = new IndexerMetrics(_meters.GetRequiredService<IMeterFactory>(), _lag, new FreshnessBoard());
        _letters = new DeadLetterWriter(Kafka, Time, metrics, NullLogger<DeadLetterWriter>.Instance);
        Trouble = new StreamTrouble(Options, Time);
        Lease = new Lease(Time, Options.PollGapMax, Options.DoubtFor);
        Worker = new BatchWorker(Projection, Lease, _letters, metrics, Options, Time, NullLogger<BatchWorker>.Instance);
    }

    public StreamOptions Options { get; }

    public Journal Journal { get; } = new();

    public ScriptedKafka Kafka { get; }

    public IProjection Projection { get; }

    public ScriptedProjection Sink => (ScriptedProjection)Projection;

    public Lease Lease { get; }

    public BatchWorker Worker { get; }

    public StreamTrouble Trouble { get; }

    /// <summary>What the health of the stream says; null: nothing.</summary>
    public string? Says => Trouble.Says(Worker.IsBlocked, _lag.Oldest(Projection.Group), Projection.Shape?.AgeMax ?? TimeSpan.Zero);

    /// <summary>The moment at which the samples' first versions were committed.</summary>
    public ManualTime Time { get; } = new(Sample.Noon.AddSeconds(1));

    public ScriptedConsumer Consumer => Kafka.Consumers[^1];

    /// <summary>The session's thread; it fails when the session does.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Begins a session, gives it partitions, and waits until it has nothing to do.</summary>
    public async Task StartAsync(params int[] partitions)
    {
        _session = new StreamSession(Projection, Kafka, Options, Worker, Lease, _lag, Trouble, Time, NullLogger.Instance);
        Running = Task.Factory.StartNew(
            () => _session.Run(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (partitions.Length > 0) await Consumer.AssignAsync(partitions);
        if (Projection is ScriptedProjection) await Journal.SeenAsync("prepared");
        var polls = Consumer.Polls;
        await Eventually.Is(() => Task.FromResult(Consumer.Polls > polls + 2), "the session polls");
    }

    /// <summary>Waits until a batch is under way in the target.</summary>
    public Task BegunAsync(int batches = 1) =>
        Eventually.Get(() => Task.FromResult(Sink.Begun), begun => begun >= batches, "a batch is under way", TimeSpan.FromSeconds(20));

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running.WaitAsync(TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        if (Projection is ScriptedProjection sink) sink.Release();
        await _stop.CancelAsync();
        await Running.WaitAsync(TimeSpan.FromSeconds(20)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _session?.Dispose();
        _letters.Dispose();
        _stop.Dispose();
        await _meters.DisposeAsync();
    }

    public static RawEvent Event(string order, int version, long offset, int partition = 0) =>
        Sample.Raw(Sample.Event(order, version), partition, offset);
}

using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Indexer.Streams;

/// <summary>
/// The life of one Kafka consumer. Everything here runs on the consumer's own thread, the rebalance callbacks included
/// (they run inside Consume and Close); only the one batch in flight works elsewhere.
/// Invariants:
/// 1. An offset is stored only after the batch that holds the record is durable, and only on this thread.
/// 2. At most one batch is in flight and one is being gathered, both bounded; when the second is full and the first takes
///    long, the partitions are paused and polling goes on, so the group never takes a waiting consumer for a dead one.
/// 3. When partitions leave, nothing of them is in flight any more when the callback returns.
/// </summary>
internal sealed partial class StreamSession : IDisposable
{
    /// <summary>A full stop of polling that is shorter than any session timeout; pausing would throw away what is prefetched.</summary>
    private static readonly TimeSpan WaitBeforePause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(10);

    private readonly IProjection _projection;
    private readonly StreamOptions _options;
    private readonly BatchShape _shape;
    private readonly BatchWorker _worker;
    private readonly Lease _lease;
    private readonly LagBoard _lag;
    private readonly StreamTrouble _trouble;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IConsumer<string, byte[]> _consumer;
    private readonly ManualResetEvent _workDone = new(initialState: false);
    private EventBatch _gathering;
    private long _gatheringSince;
    private Flight? _flight;
    private bool _paused;

    /// <summary>Partitions were assigned that an earlier owner in this process may have left paused.</summary>
    private bool _resume;

    public StreamSession(
        IProjection projection, KafkaClients kafka, StreamOptions options, BatchWorker worker, Lease lease, LagBoard lag,
        StreamTrouble trouble, TimeProvider time, ILogger logger)
    {
        (_projection, _options, _worker, _lease) = (projection, options, worker, lease);
        (_lag, _trouble, _time, _logger) = (lag, trouble, time, logger);
        _shape = projection.Shape ?? new BatchShape(options.BatchEventsMax, options.BatchBytesMax, TimeSpan.Zero);
        _gathering = NewBatch();
        _consumer = kafka.CreateConsumer(projection.Group, Handle, Configure);
    }

    /// <summary>Returns when <paramref name="stop"/> is cancelled and everything taken so far is durable or given back.</summary>
    public void Run(CancellationToken stop)
    {
        _consumer.Subscribe(WireNames.Topics.OrderEvents);
        // The first flight carries nothing: it makes the target ready while this thread joins the group.
        Launch();
        while (!stop.IsCancellationRequested)
        {
            _lease.Touch();
            Land();
            Gather();
            // What Gather left is all there is at hand, or enough.
            if (_flight is null && IsDue()) Launch();
            _lag.SetOldest(_projection.Group, _flight?.Batch.Oldest ?? _gathering.Oldest);
        }

        // Closing revokes the partitions, which waits for the batch in flight, and commits what is stored.
        _consumer.Close();
    }

    public void Dispose()
    {
        try
        {
            Abandon();
        }
        finally
        {
            _consumer.Dispose();
            _workDone.Dispose();
        }
    }

    private void Handle(ConsumerBuilder<string, byte[]> builder) => builder
        .SetKeyDeserializer(KeyBytes.Deserializer)
        .SetStatisticsHandler((_, json) => ConsumerStatistics.Read(json, Report))
        .SetPartitionsAssignedHandler((_, gained) => Assigned(gained))
        .SetPartitionsRevokedHandler((_, leaving) => Leave(leaving.ConvertAll(entry => entry.Partition.Value), drain: true))
        .SetPartitionsLostHandler((_, lost) => Leave(lost.ConvertAll(entry => entry.Partition.Value), drain: false));

    private void Configure(ConsumerConfig config)
    {
        config.SessionTimeoutMs ??= (int)_options.SessionTimeout.TotalMilliseconds;
        config.HeartbeatIntervalMs ??= (int)Math.Min(_options.Heartbeat.TotalMilliseconds, config.SessionTimeoutMs.Value / 3.0);
    }

    /// <summary>Consumes until nothing is at hand, the batch is full, or it is time to look after the batch in flight.</summary>
    private void Gather()
    {
        if (_gathering.IsFull)
        {
            HoldBack();
            return;
        }

        if (_paused || _resume) SetPaused(false);
        var wait = _flight is not null ? Busy : IsDue() ? TimeSpan.Zero : Idle;
        while (Consume(wait) && !_gathering.IsFull && (_flight is null || !_flight.Task.IsCompleted) && !IsAged())
        {
            wait = TimeSpan.Zero;
        }
    }

    /// <summary>The gathered events need not wait for more. Their own age counts too: a restart must not begin the wait anew.</summary>
    private bool IsDue() => !_gathering.IsEmpty && (_shape.AgeMax == TimeSpan.Zero || _gathering.IsFull
        || _time.GetElapsedTime(_gatheringSince) >= _shape.AgeMax || _time.GetUtcNow() - _gathering.Oldest >= _shape.AgeMax);

    private bool IsAged() => _time.GetElapsedTime(_gatheringSince) >= _options.BatchAgeMax;

    private bool Consume(TimeSpan wait)
    {
        ConsumeResult<string, byte[]>? result;
        try
        {
            result = _consumer.Consume(wait);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            LogConsume(_projection.Group, failure.Error.Reason);
            return false;
        }

        if (result?.Message is null) return false;
        var message = result.Message;
        Take(new RawEvent(result.Partition.Value, result.Offset.Value, KeyBytes.Of(message.Key), message.Value)
        {
            ProducedAt = DeadLetterRecords.TimeOf(message.Timestamp), Headers = DeadLetterRecords.HeadersOf(message.Headers),
        });
        return true;
    }

    private void Take(RawEvent raw)
    {
        if (_gathering.IsEmpty) _gatheringSince = _time.GetTimestamp();
        if (EventDecoder.Decode(raw, _time.GetUtcNow(), out var rejection) is { } taken) _gathering.Add(taken);
        else _gathering.Add(rejection!);
    }

    /// <summary>The next batch is full and the one in flight is not done.</summary>
    private void HoldBack()
    {
        if (_flight is null || (!_paused && _workDone.WaitOne(WaitBeforePause))) return;
        SetPaused(true);
        Consume(Busy);
    }

    private void SetPaused(bool paused)
    {
        // Again on every round: partitions that were assigned meanwhile are not paused yet.
        if (paused) _consumer.Pause(_consumer.Assignment);
        else _consumer.Resume(_consumer.Assignment);
        _paused = paused;
        _resume = false;
    }

    private void Launch()
    {
        var cancel = new CancellationTokenSource();
        var batch = _gathering;
        _gathering = NewBatch();
        _workDone.Reset();
        _flight = new Flight(batch, Task.Run(() => WorkAsync(batch, cancel.Token), CancellationToken.None), cancel);
    }

    private async Task WorkAsync(EventBatch batch, CancellationToken cancel)
    {
        try
        {
            await _worker.RunAsync(batch, cancel);
        }
        finally
        {
            _workDone.Set();
        }
    }

    /// <summary>Stores the offsets of the batch in flight if it is durable.</summary>
    private void Land()
    {
        if (_flight is not { Task.IsCompleted: true } flight) return;
        _flight = null;
        flight.Cancel.Dispose();
        if (!flight.Task.IsCompletedSuccessfully) throw new StreamBrokenException(_projection.Group, flight.Task.Exception);
        foreach (var (partition, next) in flight.Batch.NextOffsets) Store(partition, next);
    }

    private void Store(int partition, long next)
    {
        try
        {
            _consumer.StoreOffset(new TopicPartitionOffset(WireNames.Topics.OrderEvents, partition, next));
        }
        catch (KafkaException failure) when (failure.Error.Code is ErrorCode.Local_State)
        {
            // No longer ours: its next owner repeats the batch, and older versions are dropped.
            LogNotStored(_projection.Group, partition);
        }
    }

    private EventBatch NewBatch() => new(_shape.EventsMax, _shape.BytesMax, _projection.EveryVersion);

    private void Report(int partition, long lag) => _lag.Set(_projection.Group, partition, lag);

    private sealed record Flight(EventBatch Batch, Task Task, CancellationTokenSource Cancel);
}

using System.Collections.Concurrent;
using Confluent.Kafka;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// One life of the relay: one replication connection, one producer. It ends with the first error, and the next session
/// starts again from what the slot has confirmed.
/// Invariant: the slot is told only positions before which Kafka has every event and the change feed shows it. Whatever is handed to
/// Npgsql as status may reach the server at once (its keepalives carry it), so nothing else is ever handed over.
/// </summary>
internal sealed class RelaySession : IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    private readonly OutboxOptions _options;
    private readonly OutboxSlot _slot;
    private readonly OutboxPartitions _partitions;
    private readonly OutboxAlarm _alarm;
    private readonly OutboxMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IProducer<string, byte[]> _producer;
    private readonly LogicalReplicationConnection _connection;
    private readonly InFlightWindow _window;
    private readonly EventPublisher _publisher;
    private readonly ChangeWriter _changes;
    private readonly SetAsideWriter _setAside;
    private readonly SemaphoreSlim _sequencing = new(1);
    private readonly CancellationTokenSource _ended = new();
    private Action<ulong> _progressed = _ => { };
    private Exception? _fault;
    private ulong _sequenced;
    private ulong _confirmed;

    public RelaySession(
        string connectionString, IProducer<string, byte[]> producer, OutboxSlot slot, OutboxPartitions partitions, OutboxAlarm alarm,
        ChangeWriter changes, SetAsideWriter setAside, ConcurrentDictionary<long, bool> suspects, OutboxOptions options,
        OutboxMetrics metrics, TimeProvider time)
    {
        _options = options;
        _slot = slot;
        _partitions = partitions;
        _alarm = alarm;
        _changes = changes;
        _setAside = setAside;
        _metrics = metrics;
        _time = time;
        _producer = producer;
        _window = new InFlightWindow(options.InFlightMessagesMax, options.InFlightBytesMax, options.UnsequencedMax);
        _publisher = new EventPublisher(producer, _window, suspects, metrics, time, Fault);
        _connection = new LogicalReplicationConnection(connectionString)
        {
            WalReceiverStatusInterval = TimeSpan.FromSeconds(10),
            // Longer than the server may be silent while it works through log that is not ours, such as another database's: it says
            // that it lives after half of wal_sender_timeout, 30 s. Given up earlier, it would begin with the same log again.
            WalReceiverTimeout = options.HeartbeatInterval + TimeSpan.FromSeconds(45),
        };
    }

    /// <summary>Runs until <paramref name="stopping"/>, which is answered by a last confirmation, or until the first error.</summary>
    /// <param name="leading">Called with every message: the slot is ours.</param>
    /// <param name="progressed">Called with each position of the log before which everything is published and written down.</param>
    /// <param name="stopping">The process is stopping.</param>
    public async Task RunAsync(Action leading, Action<ulong> progressed, CancellationToken stopping)
    {
        _progressed = progressed;
        await _connection.Open(stopping);
        using var stop = stopping.UnsafeRegister(static session => ((RelaySession)session!).Stop(), this);
        var work = new[] { ReadAsync(leading), SequenceAsync(), ConfirmAsync(), BeatAsync() };
        try
        {
            await await Task.WhenAny(work);
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Ended on purpose or by a fault, which is thrown below.
        }
        finally
        {
            await _ended.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_fault is not null) throw new RelayFaultException(_fault);
    }

    /// <summary>Publishes rows and returns when Kafka has all of them and the change feed shows them.</summary>
    public async Task<long> ReplayAsync(IAsyncEnumerable<OutboxEvent> rows, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        var publishing = PublishAsync(rows, either.Token);
        try
        {
            while (!publishing.IsCompleted || _window.Unsequenced > 0)
            {
                await SequenceOnceAsync(either.Token);
                await Task.Delay(_options.SequenceInterval, _time, either.Token);
                if (publishing.IsFaulted) break;
            }

            return await publishing;
        }
        catch (Exception) when (_fault is not null)
        {
            throw new RelayFaultException(_fault);
        }
        finally
        {
            if (!publishing.IsCompleted) await _ended.CancelAsync();
            await ((Task)publishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long> PublishAsync(IAsyncEnumerable<OutboxEvent> rows, CancellationToken cancel)
    {
        long sent = 0;
        await foreach (var row in rows.WithCancellation(cancel))
        {
            await _publisher.PublishAsync(row, transaction: 0, committedAt: null, cancel);
            sent++;
        }

        return sent;
    }

    private async Task ReadAsync(Action leading)
    {
        var options = new PgOutputReplicationOptions(
            WireNames.Outbox.Publication, PgOutputProtocolVersion.V1, binary: true, messages: true);
        var stream = _connection.StartReplication(new PgOutputReplicationSlot(WireNames.Outbox.Slot), options, _ended.Token);
        uint transaction = 0;
        DateTimeOffset committedAt = default;
        await foreach (var message in stream)
        {
            leading();
            switch (message)
            {
                case BeginMessage begin:
                    transaction = begin.TransactionXid;
                    committedAt = new DateTimeOffset(begin.TransactionCommitTimestamp, TimeSpan.Zero);
                    break;
                case InsertMessage insert:
                    var row = await OutboxEvent.ReadAsync(insert, _ended.Token);
                    await _publisher.PublishAsync(row, transaction, committedAt, _ended.Token);
                    break;
                case CommitMessage commit:
                    _window.Mark((ulong)commit.TransactionEndLsn);
                    break;
                case LogicalDecodingMessage heartbeat:
                    _window.Mark((ulong)heartbeat.WalEnd);
                    break;
            }
        }

        // A server that shuts down ends the stream without an error; for the relay it is one.
        _ended.Token.ThrowIfCancellationRequested();
        throw new IOException("the server ended the replication stream");
    }

    private async Task SequenceAsync()
    {
        while (true)
        {
            await _window.WaitForPrefixAsync(_ended.Token);
            await SequenceOnceAsync(_ended.Token);
            await Task.Delay(_options.SequenceInterval, _time, _ended.Token);
        }
    }

    /// <summary>Writes down everything that Kafka has. What is taken from the window and not written ends with the session.</summary>
    private async Task SequenceOnceAsync(CancellationToken cancel)
    {
        await _sequencing.WaitAsync(cancel);
        try
        {
            while (_window.Take(_options.SequenceBatchMax) is var (events, position) && (events.Count > 0 || position > 0))
            {
                await WriteAsync(events, cancel);
                _window.Sequenced(events.Count);
                if (position == 0) continue;
                Volatile.Write(ref _sequenced, position);
                _progressed(position);
            }
        }
        finally
        {
            _sequencing.Release();
        }
    }

    private async Task WriteAsync(List<InFlightEvent> events, CancellationToken cancel)
    {
        var refused = events.FindAll(sent => sent.Refusal is not null);
        if (refused.Count > 0) await _setAside.WriteAsync(refused.Select(sent => sent.Refusal!), cancel);
        var published = refused.Count == 0 ? events : events.FindAll(sent => sent.Refusal is null);
        if (published.Count == 0) return;
        var committedAt = published[0].CommittedAt;
        await _changes.WriteAsync(published, cancel);
        if (committedAt is { } at) _metrics.Sequenced(_time.GetUtcNow() - at);
    }

    private async Task ConfirmAsync()
    {
        using var timer = new PeriodicTimer(_options.ConfirmInterval, _time);
        while (await timer.WaitForNextTickAsync(_ended.Token)) await ConfirmOnceAsync(_ended.Token);
    }

    private async Task ConfirmOnceAsync(CancellationToken cancel)
    {
        var position = Volatile.Read(ref _sequenced);
        if (position == _confirmed) return;
        _connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(position));
        await _connection.SendStatusUpdate(cancel);
        _confirmed = position;
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_options.HeartbeatInterval, _time);
        do
        {
            await _partitions.EnsureAsync(Today(), _options.PartitionDaysAhead, _ended.Token);
            await _partitions.DropAsync(Today().AddDays(-_options.RetentionDays), _ended.Token);
            await _setAside.RemoveAsync(_time.GetUtcNow() - _options.SetAsideRetention, _ended.Token);
            var slot = await _slot.BeatAsync(_ended.Token);
            var lag = _window.Oldest is { } oldest ? _time.GetUtcNow() - oldest : TimeSpan.Zero;
            _metrics.Slot(slot, lag);
            _alarm.Look(slot, lag);
        }
        while (await timer.WaitForNextTickAsync(_ended.Token));
    }

    private DateOnly Today() => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    private void Fault(Exception error)
    {
        Interlocked.CompareExchange(ref _fault, error, null);
        _ = _ended.CancelAsync();
    }

    /// <summary>A clean stop confirms what Kafka has, so that the next session repeats nothing.</summary>
    private void Stop() => _ = Task.Run(async () =>
    {
        try
        {
            _producer.Flush(FlushTimeout);
            using var limit = new CancellationTokenSource(FlushTimeout, _time);
            if (_fault is null)
            {
                await SequenceOnceAsync(limit.Token);
                await ConfirmOnceAsync(limit.Token);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The slot keeps its position and the next session repeats a few events: worth no more than that.
            Interlocked.CompareExchange(ref _fault, error, null);
        }
        finally
        {
            await _ended.CancelAsync();
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        // Not flushed: what is unacknowledged now is read again by the next session.
        _producer.Dispose();
        await _connection.DisposeAsync();
        await _changes.DisposeAsync();
        _sequencing.Dispose();
        _ended.Dispose();
    }
}

/// <summary>A delivery failed; the session is over.</summary>
internal sealed class RelayFaultException(Exception cause) : Exception(cause.Message, cause);

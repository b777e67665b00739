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
/// Invariant: the slot is told only positions from <see cref="InFlightWindow.TryAdvance"/>. Whatever is handed to Npgsql as
/// status may reach the server at once (its keepalives carry it), so nothing unacknowledged is ever handed over.
/// </summary>
internal sealed class RelaySession : IAsyncDisposable
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(3);

    private readonly OutboxOptions _options;
    private readonly OutboxSlot _slot;
    private readonly OutboxMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly IProducer<string, byte[]> _producer;
    private readonly LogicalReplicationConnection _connection;
    private readonly InFlightWindow _window;
    private readonly EventPublisher _publisher;
    private readonly CancellationTokenSource _ended = new();
    private Exception? _fault;

    public RelaySession(
        string connectionString, IProducer<string, byte[]> producer, OutboxSlot slot, OutboxOptions options,
            OutboxMetrics metrics, TimeProvider time)
    {
        _options = options;
        _slot = slot;
        _metrics = metrics;
        _time = time;
        _producer = producer;
        _window = new InFlightWindow(options.InFlightMessagesMax, options.InFlightBytesMax);
        _publisher = new EventPublisher(producer, _window, metrics, time, Fault);
        _connection = new LogicalReplicationConnection(connectionString)
        {
            WalReceiverStatusInterval = TimeSpan.FromSeconds(10),
            // The heartbeat brings traffic more often than this, so silence means a dead link.
            WalReceiverTimeout = options.HeartbeatInterval + TimeSpan.FromSeconds(20),
        };
    }

    /// <summary>Runs until <paramref name="stopping"/>, which is answered by a last confirmation, or until the first error.</summary>
    /// <param name="leading">Called once, when the slot is ours.</param>
    /// <param name="stopping">The process is stopping.</param>
    public async Task RunAsync(Action leading, CancellationToken stopping)
    {
        await _connection.Open(stopping);
        using var stop = stopping.UnsafeRegister(static session => ((RelaySession)session!).Stop(), this);
        var work = new[] { ReadAsync(leading), ConfirmAsync(), BeatAsync() };
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

    /// <summary>Publishes rows and returns when Kafka has acknowledged all of them.</summary>
    public async Task<long> ReplayAsync(IAsyncEnumerable<OutboxEvent> rows, CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ended.Token);
        var transaction = _window.Open();
        long sent = 0;
        await foreach (var row in rows.WithCancellation(either.Token))
        {
            _publisher.Publish(row, transaction, committedAt: null);
            await _window.WaitForRoomAsync(either.Token);
            sent++;
        }

        while (_window.InFlight.Messages > 0 && _fault is null) await Task.Delay(TimeSpan.FromMilliseconds(20), _time, cancel);
        if (_fault is not null) throw new RelayFaultException(_fault);
        _window.Close(transaction, 0);
        _ = _window.TryAdvance(out _);
        return sent;
    }

    private async Task ReadAsync(Action leading)
    {
        var options = new PgOutputReplicationOptions(
            WireNames.Outbox.Publication, PgOutputProtocolVersion.V1, binary: true, messages: true);
        var stream = _connection.StartReplication(new PgOutputReplicationSlot(WireNames.Outbox.Slot), options, _ended.Token);
        var transaction = default(InFlightWindow.Transaction);
        DateTimeOffset committedAt = default;
        await foreach (var message in stream)
        {
            leading();
            switch (message)
            {
                case BeginMessage begin:
                    transaction = _window.Open();
                    committedAt = new DateTimeOffset(begin.TransactionCommitTimestamp, TimeSpan.Zero);
                    break;
                case InsertMessage insert:
                    _publisher.Publish(await OutboxEvent.ReadAsync(insert, _ended.Token), transaction!, committedAt);
                    await _window.WaitForRoomAsync(_ended.Token);
                    break;
                case CommitMessage commit:
                    _window.Close(transaction!, (ulong)commit.TransactionEndLsn);
                    break;
                case LogicalDecodingMessage heartbeat:
                    _window.Close(_window.Open(), (ulong)heartbeat.WalEnd);
                    break;
            }
        }

        // A server that shuts down ends the stream without an error; for the relay it is one.
        _ended.Token.ThrowIfCancellationRequested();
        throw new IOException("the server ended the replication stream");
    }

    private async Task ConfirmAsync()
    {
        using var timer = new PeriodicTimer(_options.ConfirmInterval, _time);
        while (await timer.WaitForNextTickAsync(_ended.Token)) await ConfirmOnceAsync(_ended.Token);
    }

    private async Task ConfirmOnceAsync(CancellationToken cancel)
    {
        if (!_window.TryAdvance(out var position)) return;
        _connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(position));
        await _connection.SendStatusUpdate(cancel);
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(_options.HeartbeatInterval, _time);
        do
        {
            await _slot.EnsurePartitionsAsync(Today(), _options.PartitionDaysAhead, _ended.Token);
            _metrics.Lag(await _slot.BeatAsync(_ended.Token));
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
            if (_fault is null) await ConfirmOnceAsync(limit.Token);
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
        _ended.Dispose();
    }
}

/// <summary>A delivery failed; the session is over.</summary>
internal sealed class RelayFaultException(Exception cause) : Exception(cause.Message, cause);

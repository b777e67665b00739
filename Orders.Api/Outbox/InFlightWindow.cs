namespace Orders.Api.Outbox;

/// <summary>
/// What the relay has read and Kafka has not acknowledged yet.
/// Invariant: the position given out by <see cref="TryAdvance"/> is the end of a transaction before which every event, of
/// every transaction, is acknowledged. Acknowledgements arrive in any order and on another thread.
/// </summary>
internal sealed class InFlightWindow(int messagesMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<Transaction> _transactions = new();
    private TaskCompletionSource? _room;
    private int _messages;
    private long _bytes;

    /// <summary>Events and bytes on their way.</summary>
    public (int Messages, long Bytes) InFlight
    {
        get
        {
            lock (_lock) return (_messages, _bytes);
        }
    }

    /// <summary>Opens the transaction that the stream has just begun; transactions are opened in commit order.</summary>
    public Transaction Open()
    {
        lock (_lock)
        {
            var transaction = new Transaction();
            _transactions.Enqueue(transaction);
            return transaction;
        }
    }

    public void Sent(Transaction transaction, int bytes)
    {
        lock (_lock)
        {
            transaction.Unacknowledged++;
            _messages++;
            _bytes += bytes;
        }
    }

    public void Acknowledged(Transaction transaction, int bytes)
    {
        lock (_lock)
        {
            transaction.Unacknowledged--;
            _messages--;
            _bytes -= bytes;
            if (_room is null || !HasRoom()) return;
            _room.TrySetResult();
            _room = null;
        }
    }

    /// <summary>The stream has reached the transaction's end; nothing more will be sent for it.</summary>
    public void Close(Transaction transaction, ulong endPosition)
    {
        lock (_lock) transaction.EndPosition = endPosition;
    }

    /// <summary>True with a new position when everything up to it is acknowledged.</summary>
    public bool TryAdvance(out ulong position)
    {
        position = 0;
        lock (_lock)
        {
            while (_transactions.TryPeek(out var first) && first is { EndPosition: { } end, Unacknowledged: 0 })
            {
                position = end;
                _transactions.Dequeue();
            }
        }

        return position != 0;
    }

    /// <summary>Completes when less than the bounds is in flight.</summary>
    public Task WaitForRoomAsync(CancellationToken cancel)
    {
        lock (_lock)
        {
            if (HasRoom()) return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancel);
        }
    }

    private bool HasRoom() => _messages < messagesMax && _bytes < bytesMax;

    /// <summary>One database transaction on its way to Kafka. Touched under the window's lock only.</summary>
    internal sealed class Transaction
    {
        public int Unacknowledged { get; set; }

        /// <summary>Null until the stream has reached the commit.</summary>
        public ulong? EndPosition { get; set; }
    }
}

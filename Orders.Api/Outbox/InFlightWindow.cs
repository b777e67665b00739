namespace Orders.Api.Outbox;

/// <summary>
/// What the relay has read, in commit order, until Kafka has acknowledged it and it is written down as a change.
/// Invariants: events leave in the order in which they came, none before Kafka has it (or has refused it for good) and all that came before
/// it; a position leaves only with or after every event before it. Acknowledgements arrive in any order and on another thread.
/// </summary>
/// <param name="messagesMax">Events that Kafka has not acknowledged, at most.</param>
/// <param name="bytesMax">Their payloads, at most.</param>
/// <param name="unsequencedMax">Events that are not written down as changes, at most.</param>
internal sealed class InFlightWindow(int messagesMax, long bytesMax, int unsequencedMax)
{
    private readonly Lock _lock = new();
    private readonly Queue<Entry> _entries = new();
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _prefix;
    private TaskCompletionSource? _quiet;
    private int _messages;
    private long _bytes;
    private int _unsequenced;

    /// <summary>Events that are read and not written down.</summary>
    public int Unsequenced
    {
        get
        {
            lock (_lock) return _unsequenced;
        }
    }

    /// <summary>When the oldest event that is not written down was committed; null when there is none.</summary>
    public DateTimeOffset? Oldest
    {
        get
        {
            lock (_lock) return _entries.FirstOrDefault(entry => entry.Event is not null).Event?.CommittedAt;
        }
    }

    /// <summary>The event is on its way to Kafka. Events are sent in commit order.</summary>
    public void Sent(InFlightEvent sent)
    {
        lock (_lock)
        {
            _entries.Enqueue(new Entry(sent, 0));
            _messages++;
            _bytes += sent.Bytes;
            _unsequenced++;
        }
    }

    /// <summary>The log's position after everything that was sent so far: the end of a transaction, or a heartbeat.</summary>
    public void Mark(ulong position)
    {
        lock (_lock)
        {
            _entries.Enqueue(new Entry(null, position));
            Signal(ref _prefix, HasPrefix());
        }
    }

    public void Acknowledged(InFlightEvent sent, Delivery delivery) => Settle(sent, delivery, null);

    /// <summary>Kafka will never have it.</summary>
    public void Refused(InFlightEvent sent, Refusal refusal) => Settle(sent, null, refusal);

    private void Settle(InFlightEvent sent, Delivery? delivery, Refusal? refusal)
    {
        lock (_lock)
        {
            (sent.Delivery, sent.Refusal) = (delivery, refusal);
            _messages--;
            _bytes -= sent.Bytes;
            Signal(ref _prefix, HasPrefix());
            Signal(ref _room, HasRoom());
        }
    }

    /// <summary>
    /// Takes the oldest events that Kafka has, and the position up to which that is everything; 0 when no position is reached.
    /// </summary>
    public (List<InFlightEvent> Events, ulong Position) Take(int eventsMax)
    {
        var events = new List<InFlightEvent>();
        ulong position = 0;
        lock (_lock)
        {
            while (HasPrefix())
            {
                if (_entries.Peek().Event is null) position = _entries.Dequeue().Position;
                else if (events.Count < eventsMax) events.Add(_entries.Dequeue().Event!);
                else break;
            }
        }

        return (events, position);
    }

    /// <summary>That many of the events that were taken are written down.</summary>
    public void Sequenced(int events)
    {
        lock (_lock)
        {
            _unsequenced -= events;
            Signal(ref _room, HasRoom());
            Signal(ref _quiet, IsQuiet());
        }
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task WaitForPrefixAsync(CancellationToken cancel) => WaitAsync(ref _prefix, HasPrefix, cancel);

    /// <summary>Completes when there is less than the bounds.</summary>
    public Task WaitForRoomAsync(CancellationToken cancel) => WaitAsync(ref _room, HasRoom, cancel);

    /// <summary>Completes when everything that was sent is written down.</summary>
    public Task WaitForQuietAsync(CancellationToken cancel) => WaitAsync(ref _quiet, IsQuiet, cancel);

    private Task WaitAsync(ref TaskCompletionSource? signal, Func<bool> holds, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (holds()) return Task.CompletedTask;
            signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return signal.Task.WaitAsync(cancel);
        }
    }

    private static void Signal(ref TaskCompletionSource? signal, bool holds)
    {
        if (signal is null || !holds) return;
        signal.TrySetResult();
        signal = null;
    }

    private bool HasPrefix() => _entries.TryPeek(out var first) && first is { Event: null } or { Event.IsSettled: true };

    private bool IsQuiet() => _unsequenced == 0;

    private bool HasRoom() => _messages < messagesMax && _bytes < bytesMax && _unsequenced < unsequencedMax;

    /// <summary>An event, or a position.</summary>
    private readonly record struct Entry(InFlightEvent? Event, ulong Position);
}

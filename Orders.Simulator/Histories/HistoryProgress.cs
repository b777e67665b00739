namespace Orders.Simulator.Histories;

/// <summary>
/// How far sending and searching are. Written by one task each and read by the display; numbers are of orders.
/// </summary>
internal sealed class HistoryProgress(long count, long begin, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long UpTo, long At)> _acknowledged = [];
    private readonly long _started = time.GetTimestamp();
    private readonly long _begin = begin;
    private long _sent = begin;
    private long _settled = begin;
    private long _seen;
    private long _lastSettled = time.GetTimestamp();

    public long Count => count;

    /// <summary>Went out, not all of it acknowledged.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Acknowledged.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    /// <summary>All before this one were seen in search, or do not belong there.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    /// <summary>Acknowledged orders per second of this session.</summary>
    public double Rate => time.GetElapsedTime(_started).TotalSeconds is > 0 and var seconds ? (Settled - _begin) / seconds : 0;

    /// <summary>How long the rest takes at that rate; null: nobody knows.</summary>
    public TimeSpan? Left => Rate > 0 ? TimeSpan.FromSeconds(Math.Min((count - Settled) / Rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;

    /// <summary>When the last order was acknowledged.</summary>
    public long LastSettled => Interlocked.Read(ref _lastSettled);

    /// <summary>Orders that are acknowledged and not yet searchable, and since when the oldest of them is waiting.</summary>
    public (long Orders, TimeSpan Since) Lag
    {
        get
        {
            lock (_lock)
            {
                return _acknowledged.TryPeek(out var oldest)
                    ? (Math.Max(0, Settled - Seen), time.GetElapsedTime(oldest.At)) : (Math.Max(0, Settled - Seen), TimeSpan.Zero);
            }
        }
    }

    public void SentUpTo(long number) => Interlocked.Exchange(ref _sent, number);

    public void SettledUpTo(long number)
    {
        var now = time.GetTimestamp();
        lock (_lock) _acknowledged.Enqueue((number, now));
        Interlocked.Exchange(ref _lastSettled, now);
        Interlocked.Exchange(ref _settled, number);
    }

    public void SeenUpTo(long number)
    {
        Interlocked.Exchange(ref _seen, number);
        lock (_lock)
        {
            while (_acknowledged.TryPeek(out var oldest) && oldest.UpTo <= number) _acknowledged.Dequeue();
        }
    }
}

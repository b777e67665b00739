namespace Orders.Indexer.Streams;

/// <summary>
/// Whether the partitions can be trusted to be still this consumer's.
/// A process that was frozen longer than its session (suspended machine, SIGSTOP) wakes up in the middle of a batch whose
/// partitions another consumer has taken meanwhile. It notices the gap between two polls and writes nothing until the
/// group has had time to tell it. What remains is the instant between the last look and the server's receiving the bytes.
/// </summary>
internal sealed class Lease(TimeProvider time, TimeSpan gapMax, TimeSpan doubtFor)
{
    private readonly Lock _lock = new();
    private long _polledAt = time.GetTimestamp();
    private long _doubtUntil = time.GetTimestamp();

    /// <summary>The polling thread is alive.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            CastDoubt();
            _polledAt = time.GetTimestamp();
        }
    }

    /// <summary>How long to wait before writing; zero when there is no doubt.</summary>
    public TimeSpan Doubt()
    {
        lock (_lock)
        {
            CastDoubt();
            var left = time.GetElapsedTime(time.GetTimestamp(), _doubtUntil);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void CastDoubt()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_polledAt, now) <= gapMax) return;
        _polledAt = now;
        _doubtUntil = now + (long)(doubtFor.TotalSeconds * time.TimestampFrequency);
    }
}

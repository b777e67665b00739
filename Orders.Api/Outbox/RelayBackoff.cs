namespace Orders.Api.Outbox;

/// <summary>
/// The pauses between failed sessions: doubled from session to session, and short again only when one has come further in the log than any
/// before it. A session that fails at the event at which the last one failed has made no progress, however much it has read again.
/// </summary>
internal sealed class RelayBackoff(TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private TimeSpan _next = First;
    private ulong _furthest;

    public TimeSpan Next()
    {
        lock (_lock)
        {
            var pause = _next < longest ? _next : longest;
            _next = pause * 2;
            return pause;
        }
    }

    /// <summary>True when nothing has come so far before.</summary>
    public bool Progressed(ulong position)
    {
        lock (_lock)
        {
            if (position <= _furthest) return false;
            (_furthest, _next) = (position, First);
            return true;
        }
    }

    /// <summary>The slot is new and may be anywhere in the log.</summary>
    public void Restart()
    {
        lock (_lock) _furthest = 0;
    }
}

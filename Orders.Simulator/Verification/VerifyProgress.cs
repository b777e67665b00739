namespace Orders.Simulator.Verification;

/// <summary>What a verification is doing, for the display. Any thread.</summary>
internal sealed class VerifyProgress
{
    private readonly Lock _lock = new();
    private (string Phase, long Total) _now = ("placing", 0);
    private long _done;

    /// <summary>What is done, how much of it, of how much.</summary>
    public (string Phase, long Done, long Total) Now
    {
        get
        {
            lock (_lock) return (_now.Phase, Interlocked.Read(ref _done), _now.Total);
        }
    }

    public void Begin(string phase, long total)
    {
        lock (_lock)
        {
            _now = (phase, total);
            Interlocked.Exchange(ref _done, 0);
        }
    }

    public void Advance(long by = 1) => Interlocked.Add(ref _done, by);
}

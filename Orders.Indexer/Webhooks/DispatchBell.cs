namespace Orders.Indexer.Webhooks;

/// <summary>Wakes the dispatcher. Rings that come while it is awake are one ring.</summary>
internal sealed class DispatchBell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0);
    private int _pending;
    private int _news;

    /// <summary>Something has changed in this process.</summary>
    public void Ring()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0) _rung.Release();
    }

    /// <summary>There are new deliveries in the table.</summary>
    public void RingForNews()
    {
        Volatile.Write(ref _news, 1);
        Ring();
    }

    /// <summary>Whether there was news since this was last asked.</summary>
    public bool TakeNews() => Interlocked.Exchange(ref _news, 0) == 1;

    /// <summary>Returns at the next ring, or after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancel)
    {
        if (await _rung.WaitAsync(longest > TimeSpan.Zero ? longest : TimeSpan.Zero, cancel)) Volatile.Write(ref _pending, 0);
    }

    public void Dispose() => _rung.Dispose();
}

namespace Orders.Simulator.Load;

/// <summary>What one operation, or all of them together, came to. Requests of the warm-up are not in it.</summary>
internal sealed class LoadMeter
{
    private long _succeeded;
    private long _failed;
    private long _inTime;
    private long _neverSent;

    /// <summary>
    /// From the moment the request was due to its reply. All that was due: failures too, because a time-out is a long wait, and what was
    /// never sent with the time until it was given up.
    /// </summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>From the moment the request was sent to its reply.</summary>
    public LatencyHistogram Service { get; } = new();

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Successes whose reply came while the load was on, not after its end.</summary>
    public long InTime => Interlocked.Read(ref _inTime);

    /// <summary>Requests that were due and had no place in flight until the end.</summary>
    public long NeverSent => Interlocked.Read(ref _neverSent);

    /// <summary>0 to 1: what failed or was never sent, of all that was due.</summary>
    public double ErrorShare => Succeeded + Failed + NeverSent is > 0 and var all ? (double)(Failed + NeverSent) / all : 0;

    public void Ended(bool isSuccess, bool isInTime, TimeSpan latency, TimeSpan service)
    {
        Interlocked.Increment(ref isSuccess ? ref _succeeded : ref _failed);
        if (isSuccess && isInTime) Interlocked.Increment(ref _inTime);
        Latency.Record(latency);
        Service.Record(service);
    }

    /// <param name="waited">From the moment it was due until it was given up: a latency that was at least so long.</param>
    public void NotSent(TimeSpan waited)
    {
        Interlocked.Increment(ref _neverSent);
        Latency.Record(waited);
    }

    /// <summary>Several as one.</summary>
    public static LoadMeter Sum(IEnumerable<LoadMeter> meters)
    {
        var sum = new LoadMeter();
        foreach (var meter in meters)
        {
            sum._succeeded += meter.Succeeded;
            sum._failed += meter.Failed;
            sum._inTime += meter.InTime;
            sum._neverSent += meter.NeverSent;
            sum.Latency.Add(meter.Latency);
            sum.Service.Add(meter.Service);
        }

        return sum;
    }
}

using System.Numerics;

namespace Orders.Simulator.Load;

/// <summary>
/// Counts times by their size: exact below 256 microseconds, and within 0.8 % above, as 128 steps for each power of two. Any
/// number of threads record at once, without a lock and without memory of their own; who reads meanwhile sees a moment that is
/// at most a few requests old.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 7;

    /// <summary>38 hours; more counts as this much.</summary>
    private const long MicrosecondsMax = (1L << 37) - 1;

    private const int CellsCount = ((37 - StepBits - 1) << StepBits) + (2 << StepBits);

    private readonly long[] _cells = new long[CellsCount];
    private long _count;
    private long _sum;
    private long _max;

    public long Count => Interlocked.Read(ref _count);

    public TimeSpan Max => FromMicroseconds(Interlocked.Read(ref _max));

    /// <summary>Zero when nothing was recorded.</summary>
    public TimeSpan Mean => Count is > 0 and var count ? FromMicroseconds(Interlocked.Read(ref _sum) / count) : TimeSpan.Zero;

    public void Record(TimeSpan time)
    {
        var microseconds = Microseconds(time);
        Interlocked.Increment(ref _cells[CellOf(microseconds)]);
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _sum, microseconds);
        RaiseMax(microseconds);
    }

    /// <summary>Adds what another one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            if (Interlocked.Read(ref other._cells[i]) is > 0 and var count) Interlocked.Add(ref _cells[i], count);
        }

        Interlocked.Add(ref _count, other.Count);
        Interlocked.Add(ref _sum, Interlocked.Read(ref other._sum));
        RaiseMax(Interlocked.Read(ref other._max));
    }

    /// <summary>The time that this share of all times does not exceed, rounded up to its step and never more than the longest.</summary>
    /// <param name="percent">0 to 100.</param>
    public TimeSpan Percentile(double percent)
    {
        var (count, max) = (Count, Interlocked.Read(ref _max));
        if (count == 0) return TimeSpan.Zero;
        // A share such as 99.9 has no exact binary form: without the margin the 999th of 1000 would be the 1000th.
        var rank = Math.Max(1, (long)Math.Ceiling((percent / 100 * count) - 1e-6));
        var seen = 0L;
        for (var cell = 0; cell < _cells.Length; cell++)
        {
            seen += Interlocked.Read(ref _cells[cell]);
            if (seen >= rank) return FromMicroseconds(Math.Min(max, LastOf(cell)));
        }

        return FromMicroseconds(max);
    }

    /// <summary>How many times lie between two bounds, the upper one excluded, as far as steps can tell.</summary>
    public long CountBetween(TimeSpan from, TimeSpan to)
    {
        var (first, end) = (CellOf(Microseconds(from)), CellOf(Microseconds(to)));
        var sum = 0L;
        for (var cell = first; cell < end; cell++) sum += Interlocked.Read(ref _cells[cell]);
        return sum;
    }

    private void RaiseMax(long microseconds)
    {
        for (var seen = Interlocked.Read(ref _max); microseconds > seen;)
        {
            var before = Interlocked.CompareExchange(ref _max, microseconds, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    private static long Microseconds(TimeSpan time) => Math.Clamp(time.Ticks / TimeSpan.TicksPerMicrosecond, 0, MicrosecondsMax);

    private static TimeSpan FromMicroseconds(long microseconds) => new(microseconds * TimeSpan.TicksPerMicrosecond);

    private static int CellOf(long microseconds)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)microseconds) - StepBits);
        return (shift << StepBits) + (int)(microseconds >> shift);
    }

    /// <summary>The largest value of a cell.</summary>
    private static long LastOf(int cell)
    {
        if (cell < 2 << StepBits) return cell;
        var shift = (cell >> StepBits) - 1;
        return ((cell - ((long)shift << StepBits) + 1) << shift) - 1;
    }
}

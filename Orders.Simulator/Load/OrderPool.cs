using Orders.Simulator.Tables;

namespace Orders.Simulator.Load;

/// <summary>
/// Ids of orders that can be read: those that were there, and those that the run places, which push the oldest out. Popular are the
/// young: the k-th youngest is drawn with weight 1/k^zipf.
/// </summary>
internal sealed class OrderPool(int capacity, double zipf)
{
    private readonly string?[] _ids = new string?[capacity];
    private long _added;

    public int Count => (int)Math.Min(capacity, Interlocked.Read(ref _added));

    public void Add(string id)
    {
        var place = Interlocked.Increment(ref _added) - 1;
        Volatile.Write(ref _ids[place % capacity], id);
    }

    /// <summary>Null while there is none.</summary>
    public string? Draw(SeededRandom random)
    {
        var added = Interlocked.Read(ref _added);
        var count = (int)Math.Min(capacity, added);
        if (count == 0) return null;
        var place = (added - 1 - Rank(random.Unit(), count, zipf)) % capacity;
        // Whoever has counted an id may not have written it yet; the first one is written before anybody draws.
        return Volatile.Read(ref _ids[place]) ?? Volatile.Read(ref _ids[0]);
    }

    /// <summary>
    /// 0 to <paramref name="count"/> - 1, smaller ones more often. The weights' sums are those of the curve 1/x^s, whose inverse is known:
    /// the pool grows with every order, and a table of sums would be made anew each time.
    /// </summary>
    public static int Rank(double unit, int count, double zipf)
    {
        var (end, rest) = (count + 1.0, 1 - zipf);
        var x = Math.Abs(rest) < 1e-9 ? Math.Pow(end, unit) : Math.Pow(((Math.Pow(end, rest) - 1) * unit) + 1, 1 / rest);
        return Math.Clamp((int)x - 1, 0, count - 1);
    }
}

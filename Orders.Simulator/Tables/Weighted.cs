namespace Orders.Simulator.Tables;

/// <summary>Values drawn in proportion to their weights.</summary>
internal sealed class Weighted<T>
{
    private readonly T[] _values;
    private readonly double[] _upTo;

    public Weighted(IEnumerable<(T Value, double Weight)> choices)
    {
        var all = choices.ToArray();
        ArgumentOutOfRangeException.ThrowIfZero(all.Length);
        _values = [.. all.Select(choice => choice.Value)];
        _upTo = new double[all.Length];
        var sum = 0.0;
        for (var i = 0; i < all.Length; i++) _upTo[i] = sum += all[i].Weight;
    }

    public T Draw(SeededRandom random)
    {
        var point = random.Unit() * _upTo[^1];
        // The tables have a few dozen entries at most: a scan is as fast as a search.
        for (var i = 0; i < _upTo.Length - 1; i++)
        {
            if (point < _upTo[i]) return _values[i];
        }

        return _values[^1];
    }
}

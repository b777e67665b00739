using Orders.Simulator.Tables;

namespace Orders.Simulator.Model;

/// <summary>
/// Draws a product: all alike, or by Zipf's law, the one of rank r with weight 1/r^exponent. Which product has which rank is a
/// matter of its id, so the bestsellers stay the same when the table grows. Weights are whole numbers: the last bit of a power
/// differs between machines, and a draw must not.
/// </summary>
internal sealed class Popularity
{
    private const double One = 1e12;

    private readonly int _count;
    private readonly int[] _byRank = [];
    private readonly long[] _upTo = [];

    public Popularity(IReadOnlyList<string> productIds, double exponent, IEnumerable<int>? among = null)
    {
        int[] products = [.. among ?? Enumerable.Range(0, productIds.Count)];
        _count = products.Length;
        if (exponent <= 0 && among is null) return;
        _byRank = [.. products.OrderBy(product => RandomStream.Hash(productIds[product]))];
        _upTo = new long[_count];
        var sum = 0L;
        for (var rank = 0; rank < _count; rank++)
            _upTo[rank] = sum += Math.Max(1, (long)Math.Round(One * Math.Pow(rank + 1, -Math.Max(0, exponent))));
    }

    /// <summary>A place in the table of products.</summary>
    public int Draw(SeededRandom random)
    {
        if (_byRank.Length == 0) return random.Below(_count);
        var point = (long)Math.BigMul(random.NextBits(), (ulong)_upTo[^1], out _);
        var found = Array.BinarySearch(_upTo, point);
        return _byRank[found >= 0 ? found + 1 : ~found];
    }
}

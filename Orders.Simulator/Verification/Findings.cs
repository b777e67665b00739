namespace Orders.Simulator.Verification;

/// <summary>Something that is not as it must be.</summary>
/// <param name="Where">database, cache, search, analytics, reply or proof.</param>
/// <param name="Kind">lost, doubled, stray, content, stale, future, refused, sum.</param>
/// <param name="Order">The order's external id, or what else it is about.</param>
/// <param name="OrderId">The API's id of it.</param>
/// <param name="Field">What of it, such as <c>items[0].unit_price</c>.</param>
internal sealed record Difference(
    string Where, string Kind, string Order, string? OrderId = null, string? Field = null, string? Expected = null, string? Found = null);

/// <summary>Where orders are looked for.</summary>
internal static class Places
{
    public const string Reply = "reply";
    public const string Database = "database";
    public const string Cache = "cache";
    public const string History = "history";
    public const string Search = "search";
    public const string Analytics = "analytics";
    public const string Proof = "proof";
}

/// <summary>
/// Collects what was compared and what differed. The first <see cref="KeptMax"/> differences are kept, the rest is counted. Any thread.
/// </summary>
internal sealed class Findings
{
    public const int KeptMax = 1000;

    private readonly Lock _lock = new();
    private readonly List<Difference> _kept = [];
    private readonly HashSet<Difference> _known = [];
    private readonly SortedDictionary<string, long> _compared = new(StringComparer.Ordinal);
    private readonly List<string> _unproven = [];
    private long _count;

    /// <summary>How many there are.</summary>
    public long Count
    {
        get
        {
            lock (_lock) return _count;
        }
    }

    public IReadOnlyList<Difference> Kept
    {
        get
        {
            lock (_lock) return [.. _kept];
        }
    }

    /// <summary>How many orders (or sums) were compared in each place.</summary>
    public IReadOnlyDictionary<string, long> Compared
    {
        get
        {
            lock (_lock) return new SortedDictionary<string, long>(_compared, StringComparer.Ordinal);
        }
    }

    /// <summary>What could not be looked at, and why.</summary>
    public IReadOnlyList<string> Unproven
    {
        get
        {
            lock (_lock) return [.. _unproven];
        }
    }

    public long ComparedIn(string where)
    {
        lock (_lock) return _compared.GetValueOrDefault(where);
    }

    /// <summary>The same one twice, as when a sample is looked at again at the end, is one.</summary>
    public void Add(Difference difference)
    {
        lock (_lock)
        {
            if (_known.Contains(difference)) return;
            _count++;
            if (_kept.Count >= KeptMax) return;
            _known.Add(difference);
            _kept.Add(difference);
        }
    }

    public void Looked(string where, long count = 1)
    {
        lock (_lock) _compared[where] = _compared.GetValueOrDefault(where) + count;
    }

    public void CannotProve(string what)
    {
        lock (_lock)
        {
            if (_unproven.Count < KeptMax) _unproven.Add(what);
        }
    }
}

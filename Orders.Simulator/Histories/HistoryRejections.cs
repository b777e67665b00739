using Orders.Simulator.Api;

namespace Orders.Simulator.Histories;

/// <summary>Lines that the API did not take, and why. Any thread may ask.</summary>
internal sealed class HistoryRejections
{
    /// <summary>Orders that are kept by number, and described; beyond it they are counted.</summary>
    private const int NamedMax = 100_000;

    private const int ExamplesMax = 5;

    private readonly Lock _lock = new();
    private readonly HashSet<long> _numbers = [];
    private readonly Dictionary<string, (long Count, List<string> Examples)> _reasons = new(StringComparer.Ordinal);
    private long _unnamed;

    /// <summary>Lines of which it is not known which they are.</summary>
    public long Unnamed => Interlocked.Read(ref _unnamed);

    /// <summary>Code, field and words of the API, how often, and the first orders that it was about; the most frequent first.</summary>
    public IReadOnlyList<(string Reason, long Count, IReadOnlyList<string> Examples)> Reasons
    {
        get
        {
            lock (_lock)
                return [.. _reasons.OrderByDescending(reason => reason.Value.Count)
                    .Select(reason => (reason.Key, reason.Value.Count, (IReadOnlyList<string>)reason.Value.Examples))];
        }
    }

    public bool Has(long number)
    {
        lock (_lock) return _numbers.Contains(number);
    }

    /// <param name="first">Number of the first order of the part.</param>
    /// <param name="report">What became of it.</param>
    public void Add(long first, ImportReport report)
    {
        var lines = report.RejectedLines ?? [];
        lock (_lock)
        {
            foreach (var line in lines.Take(NamedMax - _numbers.Count)) Name(first, line);
            AddUnnamed(report.Rejected - lines.Count(line => _numbers.Contains(first + line.Line - 1)));
        }
    }

    /// <summary>Those of an earlier session; only their number is known.</summary>
    public void AddUnnamed(long count) => Interlocked.Add(ref _unnamed, count);

    private void Name(long first, RejectedLine line)
    {
        _numbers.Add(first + line.Line - 1);
        var reason = line.Code + (line.Errors is [var error, ..] ? $", {error.Field}: {error.Reason}" : "");
        if (!_reasons.TryGetValue(reason, out var known)) known = (0, []);
        if (known.Examples.Count < ExamplesMax && line.ExternalId is { } id) known.Examples.Add(id);
        // Words that name amounts are many: what is beyond is still counted as rejected.
        if (known.Count > 0 || _reasons.Count < 100) _reasons[reason] = (known.Count + 1, known.Examples);
    }
}

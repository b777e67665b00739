namespace Orders.Indexer.Streams;

/// <summary>Waits that double from a first to a longest one, each shortened by up to a fifth so that replicas do not knock
/// together.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    public TimeSpan Next()
    {
        var doubled = first * Math.Pow(2, Math.Min(_failures++, 30));
        return (doubled < longest ? doubled : longest) * (1 - (0.2 * Random.Shared.NextDouble()));
    }

    public void Reset() => _failures = 0;
}

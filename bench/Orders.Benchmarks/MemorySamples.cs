namespace Orders.Benchmarks;

/// <summary>Memory, twice a second: how it began, a few values on the way, and the most.</summary>
internal sealed class MemorySamples : IDisposable
{
    private readonly List<long> _samples = [];
    private readonly Timer _timer;

    public MemorySamples(Func<long> sample) => _timer = new Timer(_ =>
    {
        var value = sample();
        lock (_samples) _samples.Add(value);
    }, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

    public void Dispose() => _timer.Dispose();

    public override string ToString()
    {
        lock (_samples)
        {
            var some = Enumerable.Range(0, 11).Select(tenth => _samples[(_samples.Count - 1) * tenth / 10]);
            return $"{string.Join(' ', some)}, at most {_samples.Max()}";
        }
    }
}

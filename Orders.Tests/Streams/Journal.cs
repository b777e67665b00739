using System.Collections.Concurrent;
using Orders.Tests.Support;

namespace Orders.Tests.Streams;

/// <summary>What happened in Kafka and in the target, in one order: whether an offset moved before or after a write is read here.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Note(string line) => _lines.Enqueue(line);

    public Task SeenAsync(string line) =>
        Eventually.Get(() => Task.FromResult(string.Join("; ", Lines)), _ => Lines.Contains(line), $"'{line}'", TimeSpan.FromSeconds(20));
}

using System.Collections.Concurrent;
using Orders.Indexer.Streams;

namespace Orders.Tests.Streams;

/// <summary>A target that takes, refuses or holds up what it is given as a test says.</summary>
internal sealed class ScriptedProjection(Journal journal) : IProjection
{
    private readonly ConcurrentQueue<EventBatch> _applied = new();
    private volatile TaskCompletionSource? _held;
    private int _begun;
    private int _atOnce;

    public string Name => "scripted";

    public string Group => "orders-scripted";

    public bool EveryVersion { get; init; }

    public BatchShape? Shape { get; init; }

    public Dictionary<int, long> Places { get; } = [];

    /// <summary>Why the target cannot take anything; null: it can.</summary>
    public Func<Exception?> Failing { get; set; } = () => null;

    public Func<EventBatch, IReadOnlyList<Rejection>> Rejecting { get; set; } = _ => [];

    public IReadOnlyList<EventBatch> Applied => [.. _applied];

    /// <summary>Batches that were begun, whatever became of them.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>From now on batches stay under way until <see cref="Release"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    public IReadOnlyDictionary<int, long> Positions(IReadOnlyCollection<int> partitions) => Places;

    public void Forget(IReadOnlyCollection<int> partitions)
    {
    }

    public Task PrepareAsync(CancellationToken cancel)
    {
        if (Failing() is { } failure) throw failure;
        journal.Note("prepared");
        return Task.CompletedTask;
    }

    public async Task<BatchOutcome> ApplyAsync(EventBatch batch, CancellationToken cancel)
    {
        var events = string.Join(' ', batch.Events.Select(taken => $"{taken.OrderId}.{taken.Version}"));
        if (Interlocked.Increment(ref _atOnce) > 1) journal.Note("two batches at once");
        Interlocked.Increment(ref _begun);
        try
        {
            if (_held is { } held) await held.Task.WaitAsync(cancel);
            if (Failing() is { } failure) throw failure;
            journal.Note($"applied {events}");
            _applied.Enqueue(batch);
            var rejected = Rejecting(batch);
            return new BatchOutcome(
                [.. batch.Events.Where(taken => rejected.All(rejection => rejection.Raw != taken.Raw))], 0, rejected);
        }
        catch (OperationCanceledException)
        {
            journal.Note($"given up {events}");
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }
}

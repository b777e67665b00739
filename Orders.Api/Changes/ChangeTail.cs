namespace Orders.Api.Changes;

/// <summary>
/// The newest changes in memory, shared by all who wait for the next one: a change is read once for all of them, nobody has a queue
/// of their own, and who is too slow for it reads from the table until they have caught up.
/// Invariant: what is here are all changes of a range of positions that ends with <see cref="Newest"/>.
/// </summary>
/// <param name="changesMax">Changes kept, at most.</param>
/// <param name="bytesMax">Their bytes, at most; the newest batch is kept whatever its size.</param>
internal sealed class ChangeTail(int changesMax, long bytesMax)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Batch> _batches = new();
    private TaskCompletionSource _moved = NewSignal();
    private int _changes;
    private long _bytes;
    private long _newest;

    /// <summary>The newest position that this process has heard of.</summary>
    public long Newest => Volatile.Read(ref _newest);

    /// <summary>Adds all changes after <see cref="Newest"/> up to a position.</summary>
    public void Append(IReadOnlyList<Change> changes, long newest)
    {
        lock (_lock)
        {
            if (newest <= _newest) return;
            var batch = new Batch(_newest, changes, changes.Sum(change => (long)change.Json.Length));
            _batches.AddLast(batch);
            _changes += changes.Count;
            _bytes += batch.Bytes;
            while (_batches.Count > 1 && (_changes > changesMax || _bytes > bytesMax)) RemoveFirst();
            MoveTo(newest);
        }
    }

    /// <summary>Forgets all changes: there are new ones up to a position, and nobody has waited for them.</summary>
    public void Skip(long newest)
    {
        lock (_lock)
        {
            if (newest <= _newest) return;
            _batches.Clear();
            (_changes, _bytes) = (0, 0);
            MoveTo(newest);
        }
    }

    /// <summary>What there is after a position; null when that is further back than what is kept.</summary>
    public ChangePage? Read(ChangeQuery query)
    {
        var parts = new Stack<Batch>();
        long newest;
        lock (_lock)
        {
            newest = _newest;
            var from = newest;
            for (var node = _batches.Last; node is not null && from > query.After; node = node.Previous)
            {
                parts.Push(node.Value);
                from = node.Value.After;
            }

            if (from > query.After) return null;
        }

        var items = new List<Change>();
        foreach (var change in parts.SelectMany(part => part.Changes).Where(change => change.Position > query.After && query.Fits(change)))
        {
            items.Add(change);
            if (items.Count == query.Limit) return new ChangePage(items, change.Position, newest, 0);
        }

        return new ChangePage(items, Math.Max(newest, query.After), newest, 0);
    }

    /// <summary>Completes when there is something after a position.</summary>
    /// <exception cref="TimeoutException">There was nothing for so long.</exception>
    public Task WaitAsync(long after, TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        lock (_lock) return _newest > after ? Task.CompletedTask : _moved.Task.WaitAsync(atMost, time, cancel);
    }

    private void MoveTo(long newest)
    {
        Volatile.Write(ref _newest, newest);
        _moved.TrySetResult();
        _moved = NewSignal();
    }

    private void RemoveFirst()
    {
        _changes -= _batches.First!.Value.Changes.Count;
        _bytes -= _batches.First.Value.Bytes;
        _batches.RemoveFirst();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="After">The position before it.</param>
    /// <param name="Changes">All changes from there to the next batch.</param>
    /// <param name="Bytes">Their size.</param>
    private sealed record Batch(long After, IReadOnlyList<Change> Changes, long Bytes);
}

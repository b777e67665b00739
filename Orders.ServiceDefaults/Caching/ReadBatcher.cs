namespace Orders.ServiceDefaults.Caching;

/// <summary>
/// Reads by key that share round trips: one is on its way, and what is asked meanwhile goes out together when it is back. Alone, a
/// read leaves at once; under load hundreds share one. A read is never answered by a round trip that began before it, so nobody
/// gets what was true only before they asked.
/// </summary>
/// <param name="read">Asks for the keys and answers in their order. What it throws, all its askers get.</param>
/// <param name="keysMax">Keys of one round trip.</param>
internal sealed class ReadBatcher<T>(Func<string[], Task<T[]>> read, int keysMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<Dictionary<string, TaskCompletionSource<T>>> _waiting = new();
    private Dictionary<string, TaskCompletionSource<T>>? _newest;
    private bool _isReading;

    public Task<T> GetAsync(string key)
    {
        Task<T> answer;
        bool isFirst;
        lock (_gate)
        {
            answer = Ask(key);
            isFirst = !_isReading;
            _isReading = true;
        }

        if (isFirst) _ = ReadAsync();
        return answer;
    }

    private Task<T> Ask(string key)
    {
        if (_newest is null || _newest.Count == keysMax) _waiting.Enqueue(_newest = new(StringComparer.Ordinal));
        if (!_newest.TryGetValue(key, out var asked))
        {
            asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _newest.Add(key, asked);
        }

        return asked.Task;
    }

    private async Task ReadAsync()
    {
        while (Take() is { } batch)
        {
            try
            {
                var answers = await read([.. batch.Keys]).ConfigureAwait(false);
                var place = 0;
                foreach (var asked in batch.Values) asked.SetResult(answers[place++]);
            }
            catch (Exception error)
            {
                // The edge of the loop: whatever failed is for those who asked.
                foreach (var asked in batch.Values) asked.TrySetException(error);
            }
        }
    }

    private Dictionary<string, TaskCompletionSource<T>>? Take()
    {
        lock (_gate)
        {
            _isReading = _waiting.TryDequeue(out var batch);
            // What goes out takes no more keys: they might be answered by what was true before they were asked for.
            if (batch == _newest) _newest = null;
            return batch;
        }
    }
}

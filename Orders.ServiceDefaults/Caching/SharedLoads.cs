namespace Orders.ServiceDefaults.Caching;

/// <summary>
/// Loads by key that share work. Who asks while a load of the key is on its way gets the answer of the next one, together with all who ask
/// until that begins: never of one that began before it was asked for, which may not have seen what the asker was just told.
/// </summary>
/// <param name="load">What it throws, all its askers get.</param>
public sealed class SharedLoads<T>(Func<string, Task<T>> load)
{
    private readonly Lock _gate = new();

    /// <summary>Keys of which a load is on its way, with the waiters for the next one; null: there are none.</summary>
    private readonly Dictionary<string, TaskCompletionSource<T>?> _next = new(StringComparer.Ordinal);

    public Task<T> GetAsync(string key)
    {
        var asked = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_next.TryGetValue(key, out var waiting))
            {
                if (waiting is null) _next[key] = waiting = asked;
                return waiting.Task;
            }

            _next.Add(key, null);
        }

        _ = LoadAsync(key, asked);
        return asked.Task;
    }

    private async Task LoadAsync(string key, TaskCompletionSource<T>? asked)
    {
        while (asked is not null)
        {
            try
            {
                asked.SetResult(await load(key).ConfigureAwait(false));
            }
            catch (Exception error)
            {
                // The edge of the loop: whatever failed is for those who asked.
                asked.SetException(error);
            }

            lock (_gate)
            {
                asked = _next[key];
                if (asked is null) _next.Remove(key);
                else _next[key] = null;
            }
        }
    }
}

using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Access;

/// <summary>
/// Reads keys that are not in memory. One query at a time for this process, for all who wait: a flood of guessed ids costs the database no
/// more than a few ids do, and a key that is good waits for a query or two and is never refused because of it.
/// </summary>
internal sealed class KeyLookups(NpgsqlDataSource database, AccessOptions options, TimeProvider time)
{
    /// <summary>Ids of one query. Further ones wait for the next query.</summary>
    private const int IdsMax = 500;

    private const string Select = """
        select name, secret_hash, previous_hash, previous_until, scopes, customer_id, requests_per_second, burst, created_at, expires_at, id
        from api_keys where id = any ($1) and revoked_at is null
        """;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _running;

    /// <summary>Null when there is no such key, or it was revoked.</summary>
    /// <exception cref="TimeoutException">The database did not answer in time.</exception>
    public Task<ActiveKey?> FindAsync(string id)
    {
        var asked = new Waiting(id, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiting.Enqueue(asked);
            if (_running) return asked.Found.Task;
            _running = true;
        }

        _ = RunAsync();
        return asked.Found.Task;
    }

    private async Task RunAsync()
    {
        while (Take(IdsMax) is { Count: > 0 } batch)
        {
            try
            {
                var found = await ReadAsync([.. batch.Select(asked => asked.Id)]);
                foreach (var (id, waits) in batch) waits.TrySetResult(found.GetValueOrDefault(id));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                foreach (var (_, waits) in batch) waits.TrySetException(error);
            }
        }
    }

    private List<Waiting> Take(int max)
    {
        var batch = new List<Waiting>();
        lock (_lock)
        {
            while (batch.Count < max && _waiting.TryDequeue(out var asked)) batch.Add(asked);
            if (batch.Count == 0) _running = false;
        }

        return batch;
    }

    private async Task<Dictionary<string, ActiveKey>> ReadAsync(string[] ids)
    {
        using var patience = new CancellationTokenSource(options.KeyLookupTimeout, time);
        try
        {
            await using var command = database.CreateCommand(Select);
            command.With(Sql.Texts(ids));
            await using var rows = await command.ExecuteReaderAsync(patience.Token);
            var found = new Dictionary<string, ActiveKey>(StringComparer.Ordinal);
            while (await rows.ReadAsync(patience.Token)) found.Add(rows.GetString(10), new ActiveKey(Row(rows), options));
            return found;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException("the database did not answer while a key was looked up");
        }
    }

    private static AccessKey Row(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(10),
        Name = row.GetString(0),
        SecretHash = row.GetFieldValue<byte[]>(1),
        PreviousHash = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
        PreviousUntil = row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
        Scopes = row.GetFieldValue<string[]>(4),
        CustomerId = row.TextOrNull(5),
        RequestsPerSecond = row.IsDBNull(6) ? null : row.GetInt32(6),
        Burst = row.IsDBNull(7) ? null : row.GetInt32(7),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(8),
        ExpiresAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
    };

    private sealed record Waiting(string Id, TaskCompletionSource<ActiveKey?> Found);
}

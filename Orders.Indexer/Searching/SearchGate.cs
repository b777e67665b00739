using Npgsql;
using OpenTelemetry;

namespace Orders.Indexer.Searching;

/// <summary>
/// Who may write to the search index. The projections of all processes hold it together, each for the time of one batch; who has to be
/// alone (the exchange of two indexes, a repair) closes it, which waits for the batches under way and lets no new one begin.
/// Invariants:
/// 1. It is an advisory lock of the database, held by a session: who dies lets go of it at once.
/// 2. Before the one moment in which dying would leave the index half way, the row <c>search_gate</c> says until when everybody keeps
///    out all the same; whoever takes the work up opens it earlier.
/// 3. The epoch grows whenever it was closed: what a projection remembered of the index before then is void.
/// </summary>
internal sealed class SearchGate(NpgsqlDataSource database, TimeProvider time)
{
    // Any number that nothing else in this database locks.
    private const long Lock = 0x4F72646572730011;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until writing is allowed; it is until the pass is given back.</summary>
    public async Task<GatePass> EnterAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        while (true)
        {
            var connection = await database.OpenConnectionAsync(cancel);
            try
            {
                if (await EpochAsync(connection, cancel) is { } epoch) return new GatePass(connection, epoch);
            }
            catch
            {
                await ReleaseAsync(connection);
                throw;
            }

            await ReleaseAsync(connection);
            await Task.Delay(LookAgain, time, cancel);
        }
    }

    /// <summary>Keeps everybody else from writing until it is given back, or until this process or its connection dies.</summary>
    public async Task<GateClosure> CloseAsync(CancellationToken cancel)
    {
        var connection = await database.OpenConnectionAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({Lock})", connection);
            await command.ExecuteNonQueryAsync(cancel);
            return new GateClosure(connection);
        }
        catch
        {
            await ReleaseAsync(connection);
            throw;
        }
    }

    /// <summary>Lets go of the locks; a connection that goes back to its pool with them would keep them until it is used again.</summary>
    internal static async ValueTask ReleaseAsync(NpgsqlConnection connection)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using (connection)
        {
            try
            {
                await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (Exception) when (connection.State is not System.Data.ConnectionState.Open)
            {
                // The session is gone, and its locks with it.
            }
        }
    }

    /// <summary>Null when it is closed by somebody who died.</summary>
    private static async Task<long?> EpochAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select pg_advisory_lock_shared({Lock})"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select epoch from search_gate where coalesce(closed_until <= now(), true)"));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        await rows.NextResultAsync(cancel);
        return await rows.ReadAsync(cancel) ? rows.GetInt64(0) : null;
    }
}

/// <summary>Leave to write; <see cref="Epoch"/> says whether anybody else has written since the last time.</summary>
internal sealed class GatePass(NpgsqlConnection connection, long epoch) : IAsyncDisposable
{
    public long Epoch => epoch;

    public ValueTask DisposeAsync() => SearchGate.ReleaseAsync(connection);
}

/// <summary>Nobody else writes.</summary>
internal sealed class GateClosure(NpgsqlConnection connection) : IAsyncDisposable
{
    /// <summary>Keeps everybody out for that long, even if this process dies now.</summary>
    public Task SealAsync(TimeSpan length, CancellationToken cancel) =>
        SetAsync("update search_gate set closed_until = now() + $1", length, cancel);

    /// <summary>The work is done: once this is given back, the others are let in with a new epoch.</summary>
    public Task OpenAsync(CancellationToken cancel) =>
        SetAsync("update search_gate set epoch = epoch + 1, closed_until = null", null, cancel);

    /// <exception cref="NpgsqlException">The lock is lost: others may write.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select 1", connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public ValueTask DisposeAsync() => SearchGate.ReleaseAsync(connection);

    private async Task SetAsync(string sql, TimeSpan? length, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (length is { } value) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancel);
    }
}

using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Orders.Indexer.Drift;

/// <summary>
/// Goes over all orders again and again, slowly, in one process at a time: a lock of the database says which. Versions always, the content
/// of every n-th bucket and every n-th part of sums, another one each pass. What differs is repaired.
/// </summary>
internal sealed partial class DriftChecker(
    DriftCheck check, NpgsqlDataSource database, IOptions<DriftOptions> options, TimeProvider time, ILogger<DriftChecker> logger)
    : BackgroundService
{
    // Any number that nothing else in this database locks.
    private const long Lock = 0x4F72646572730012;

    private readonly DriftOptions _options = options.Value;
    private int _pass;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.PassInterval <= TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(_options.PassInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; another process goes over them.
        }
    }

    /// <summary>One pass; null when another process is at it.</summary>
    public async Task<IReadOnlyList<TargetProof>?> PassAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Lock})", connection);
        if (!(bool)(await take.ExecuteScalarAsync(cancel))!) return null;
        try
        {
            var pass = _pass++;
            bool Turn(int part) => (part + pass) % _options.FullEvery == 0;
            var scope = new DriftScope(Full: Turn, Sums: Turn, Strays: true, Repair: true, _options.BucketPause);
            return await check.RunAsync(scope, _ => Task.CompletedTask, cancel);
        }
        finally
        {
            await using var give = new NpgsqlCommand($"select pg_advisory_unlock({Lock})", connection);
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            var started = time.GetTimestamp();
            if (await PassAsync(cancel) is not { } proofs) return;
            foreach (var proof in proofs)
                LogPass(proof.Target, proof.Expected, proof.Found, proof.Repaired, proof.InFlight, time.GetElapsedTime(started));
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // The edge of the loop: a server is away, and the next pass comes.
            LogFailed(failure.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "Drift: {Target} has {Expected} orders, {Found} differed, {Repaired} repaired, {InFlight} in flight; took {Elapsed}")]
    private partial void LogPass(string target, long expected, long found, long repaired, long inFlight, TimeSpan elapsed);

    [LoggerMessage(LogLevel.Warning, "Drift could not be looked for: {Reason}")]
    private partial void LogFailed(string reason);
}

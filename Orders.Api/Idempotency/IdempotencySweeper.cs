using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Persistence;

namespace Orders.Api.Idempotency;

/// <summary>Removes keys that have outlived <see cref="IdempotencyOptions.Lifetime"/>, in batches that disturb nobody.</summary>
internal sealed partial class IdempotencySweeper(
    NpgsqlDataSource database, IOptions<IdempotencyOptions> options, TimeProvider time, ILogger<IdempotencySweeper> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SweepAsync(stoppingToken) == options.Value.SweepBatchMax)
                {
                    // There may be more.
                }
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                LogFailed(error.Message);
            }
        }
    }

    /// <summary>Removes one batch and answers how many keys that were. Replicas that sweep together share the work.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            """
            delete from idempotency_keys where (owner, key) in (
                select owner, key from idempotency_keys where created_at < $1
                order by created_at limit $2 for update skip locked)
            """);
        command.Parameters.Add(Sql.Instant(time.GetUtcNow() - options.Value.Lifetime));
        command.Parameters.Add(Sql.Whole(options.Value.SweepBatchMax));
        return await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Old idempotency keys could not be removed now: {Reason}")]
    private partial void LogFailed(string reason);
}

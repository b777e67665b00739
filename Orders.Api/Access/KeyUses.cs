using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Api.Access;

/// <summary>Writes now and then which keys were used, in one statement. No request waits for it.</summary>
internal sealed partial class KeyUses(
    KeyRing keys, NpgsqlDataSource database, IOptions<AccessOptions> options, TimeProvider time, ILogger<KeyUses> logger)
    : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LastUsedInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync(stoppingToken);
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        var used = keys.TakeUsed().ToArray();
        if (used.Length == 0) return;
        try
        {
            await using var command = database.CreateCommand(
                "update api_keys set last_used_at = greatest(last_used_at, $1) where id = any($2)");
            command.With(Sql.Instant(time.GetUtcNow()), Sql.Texts(used));
            await command.ExecuteNonQueryAsync(cancel);
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            // A key that is in use is noted again with its next request.
            LogNotWritten(used.Length);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database does not answer: the last use of {Keys} keys was not written")]
    private partial void LogNotWritten(int keys);
}

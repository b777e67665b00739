using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Removes what is past its retention and what deleted subscriptions left, in bounded statements that skip rows in use; and counts
/// what is pending. Several processes do this side by side without harm.
/// </summary>
internal sealed partial class WebhookHousekeeping(
    NpgsqlDataSource database, WebhookMetrics metrics, IOptions<WebhookOptions> options, TimeProvider time,
    ILogger<WebhookHousekeeping> logger) : BackgroundService
{
    private const string ExpiredDeliveries = """
        with gone as (
            delete from webhook_deliveries where (event_id, subscription_id) in (
                select event_id, subscription_id from webhook_deliveries
                where expires_at < now() and (status <> 'pending' or claimed_at is null or due_at < now())
                order by expires_at limit $1 for update skip locked)
            returning status)
        select count(*), count(*) filter (where status = 'pending') from gone
        """;

    private const string DeletedDeliveries = """
        with gone as (
            delete from webhook_deliveries where (event_id, subscription_id) in (
                select d.event_id, d.subscription_id from webhook_subscriptions s
                join webhook_deliveries d on d.subscription_id = s.id
                where s.deleted_at is not null limit $1 for update of d skip locked)
            returning 1)
        select count(*), 0::bigint from gone
        """;

    private const string DeletedSubscriptions = """
        with gone as (
            delete from webhook_subscriptions where id in (
                select id from webhook_subscriptions s where deleted_at < now() - interval '1 minute'
                and not exists (select from webhook_deliveries d where d.subscription_id = s.id) limit $1 for update skip locked)
            returning 1)
        select count(*), 0::bigint from gone
        """;

    /// <summary>The age is looked at again when the row is locked: a redelivery may have made it young meanwhile.</summary>
    private const string UnusedEvents = """
        with gone as (
            delete from webhook_events where recorded_at < now() - $2 and event_id in (
                select event_id from webhook_events e
                where recorded_at < now() - $2 and not exists (select from webhook_deliveries d where d.event_id = e.event_id)
                order by recorded_at limit $1 for update skip locked)
            returning 1)
        select count(*), 0::bigint from gone
        """;

    private const string Pending =
        "select count(*) from (select from webhook_deliveries where status = 'pending' limit 100000) as counted";

    private readonly WebhookOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.HousekeepingInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TidyAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; what is left is removed by the next one.
        }
    }

    internal async Task TidyAsync(CancellationToken cancel)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            var (removed, pending) = await RemoveAsync(ExpiredDeliveries, cancel);
            if (pending > 0)
            {
                metrics.Expired(pending);
                LogExpired(pending);
            }

            removed += (await RemoveAsync(DeletedDeliveries, cancel)).Removed;
            removed += (await RemoveAsync(DeletedSubscriptions, cancel)).Removed;
            removed += (await RemoveAsync(UnusedEvents, cancel)).Removed;
            if (removed > 0) LogRemoved(removed);
            await using var count = database.CreateCommand(Pending);
            metrics.Pending((long)(await count.ExecuteScalarAsync(cancel))!);
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            // The edge of the loop: the next tick does what this one could not.
            LogFailed(failure);
        }
    }

    /// <summary>Repeats a statement until it finds no full batch any more.</summary>
    private async Task<(long Removed, long Pending)> RemoveAsync(string sql, CancellationToken cancel)
    {
        var (removed, pending) = (0L, 0L);
        while (true)
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = _options.HousekeepingRowsMax });
            if (sql.Contains("$2", StringComparison.Ordinal)) command.Parameters.Add(new() { Value = _options.Retention });
            await using var row = await command.ExecuteReaderAsync(cancel);
            await row.ReadAsync(cancel);
            removed += row.GetInt64(0);
            pending += row.GetInt64(1);
            if (row.GetInt64(0) < _options.HousekeepingRowsMax) return (removed, pending);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Rows} rows of webhooks that are past their time")]
    private partial void LogRemoved(long rows);

    [LoggerMessage(LogLevel.Warning, "{Deliveries} webhooks were never delivered and are past their retention")]
    private partial void LogExpired(long deliveries);

    [LoggerMessage(LogLevel.Warning, "Old webhooks could not be removed")]
    private partial void LogFailed(Exception failure);
}

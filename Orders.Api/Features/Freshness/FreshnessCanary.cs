using Meilisearch;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Api.Features.Searching;
using Orders.Contracts;
using Orders.ServiceDefaults.Freshness;

namespace Orders.Api.Features.Freshness;

/// <summary>
/// Looks from outside: every few seconds it takes the newest change that was committed since the last time and asks the search engine
/// until it shows that version. It makes no orders of its own, so when nothing changes there is nothing to measure.
/// </summary>
internal sealed partial class FreshnessCanary(
    NpgsqlDataSource database, MeilisearchClient search, FreshnessBoard board, IOptions<FreshnessOptions> options, TimeProvider time,
    ILogger<FreshnessCanary> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>What was imported has the times of another system, and may be too old for the index.</summary>
    private const string Newest = "select order_id, version, at, type from order_changes order by position desc limit 1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        using var timer = new PeriodicTimer(options.Value.CanaryInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlyAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task FlyAsync(CancellationToken cancel)
    {
        try
        {
            if (await NewestAsync(cancel) is not { } change) return;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(options.Value.CanaryPatience);
            while (!await search.HasOrderAsync(change.OrderId, change.Version, patience.Token))
                await Task.Delay(Look, time, patience.Token);
            board.Record(FreshnessStages.Canary, time.GetUtcNow() - change.At);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // The edge of the loop. What is not found in time counts with the longest delays.
            if (error is OperationCanceledException) board.Record(FreshnessStages.Canary, TimeSpan.MaxValue);
            LogFailed(error.Message);
        }
    }

    private async Task<(string OrderId, int Version, DateTimeOffset At)?> NewestAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Newest);
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel) || row.GetString(3) == OrderEventTypes.Imported) return null;
        var at = await row.GetFieldValueAsync<DateTimeOffset>(2, cancel);
        return at > time.GetUtcNow() - options.Value.CanaryInterval ? (row.GetString(0), row.GetInt32(1), at) : null;
    }

    [LoggerMessage(LogLevel.Warning, "A change was not seen in the search engine: {Reason}")]
    private partial void LogFailed(string reason);
}

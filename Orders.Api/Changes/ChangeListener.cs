using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Contracts;

namespace Orders.Api.Changes;

/// <summary>
/// Keeps the tail of the change feed up to date: the database says when there is something new, and is asked now and then in case that
/// got lost. One connection for the whole process, made again whenever it breaks. Nothing is read for nobody.
/// </summary>
internal sealed partial class ChangeListener(
    ChangeFeed feed, ChangeStore store, IConfiguration configuration, IOptions<ChangeOptions> options, TimeProvider time,
    ILogger<ChangeListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Changes read by one statement; of a larger leap the followers read from the table.</summary>
    private const int BatchMax = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What goes on for ever in the background belongs to no trace.
        using var untraced = SuppressInstrumentationScope.Begin();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                if (stoppingToken.IsCancellationRequested) return;
                LogBroken(error.Message);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(configuration.GetConnectionString(WireNames.Connections.OrdersDb)) { Pooling = false }
                .ConnectionString);
        long told = 0;
        connection.Notification += (_, note) =>
        {
            if (long.TryParse(note.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var newest)) told = Math.Max(told, newest);
        };
        await connection.OpenAsync(cancel);
        await using (var listen = new NpgsqlCommand($"listen {WireNames.Outbox.ChangesChannel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        // What came before the first notification, or while there was no connection.
        await MoveToAsync(await store.NewestAsync(cancel), cancel);
        while (true)
        {
            if (!await connection.WaitAsync(options.Value.PollInterval, cancel)) told = await NewestAsync(connection, cancel);
            await MoveToAsync(told, cancel);
        }
    }

    private async Task MoveToAsync(long newest, CancellationToken cancel)
    {
        var from = feed.Tail.Newest;
        if (newest <= from) return;
        if (!feed.IsFollowed || newest - from > BatchMax)
        {
            feed.Tail.Skip(newest);
            return;
        }

        var page = await store.ReadAsync(new ChangeQuery(from, BatchMax, null, null), (int)(newest - from), cancel);
        feed.Tail.Append(page.Items, page.Next);
        if (page.Next < newest) feed.Tail.Skip(newest);
    }

    /// <summary>Over the listening connection itself: a link that is dead is found out.</summary>
    private static async Task<long> NewestAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(position), 0) from order_changes", connection);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }

    [LoggerMessage(LogLevel.Warning, "The change feed is not notified: {Reason}")]
    private partial void LogBroken(string reason);
}

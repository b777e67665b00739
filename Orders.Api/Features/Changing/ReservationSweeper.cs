using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Access;
using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Idempotency;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Changing;

/// <summary>
/// Ends orders that were not paid within <see cref="ReservationOptions.UnpaidMax"/>, by the same decision and the same writer as any
/// other change: an order that is paid, edited or cancelled meanwhile has another version and is left alone. Replicas that sweep
/// together do no harm, because of two that write one wins.
/// </summary>
internal sealed partial class ReservationSweeper(
    NpgsqlDataSource database, OrderChanger orders, IOptions<ReservationOptions> options, TimeProvider time,
    ILogger<ReservationSweeper> logger) : BackgroundService
{
    private const string Owner = "system:reservations";

    // The conditions of the index orders_reserved: imported orders that took nothing are not looked at.
    private const string Select = """
        select id, version from orders
        where status in ('placed', 'confirmed') and (stock_taken or taken is not null) and updated_at <= $1
            and (taken is null or exists (select from unnest(taken) pieces where pieces > 0))
        order by updated_at limit $2
        """;

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
            catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error) || error is NpgsqlException or OutcomeUnknownException)
            {
                LogFailed(error.Message);
            }
        }
    }

    /// <summary>Ends one batch and answers how many orders that were.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancel)
    {
        var ended = 0;
        foreach (var (id, version) in await ReachedAsync(cancel))
        {
            var key = new IdempotentRequest(Owner, string.Create(CultureInfo.InvariantCulture, $"{id}.{version}"), []);
            var context = new ChangeContext(new Caller(Owner, null), key, [version]);
            var outcome = await orders.ChangeAsync(id, context, (order, now) => order.Expire(options.Value.UnpaidMax, now), cancel);
            if (outcome.Changed is null) continue;
            LogExpired(id, options.Value.UnpaidMax);
            ended++;
        }

        return ended;
    }

    private async Task<List<(string Id, int Version)>> ReachedAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand(Select);
        command.With(Sql.Instant(time.GetUtcNow() - options.Value.UnpaidMax), Sql.Whole(options.Value.SweepBatchMax));
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var reached = new List<(string, int)>();
        while (await rows.ReadAsync(cancel)) reached.Add((rows.GetString(0), rows.GetInt32(1)));
        return reached;
    }

    [LoggerMessage(LogLevel.Information, "Order {Id} was not paid within {Limit}: its pieces are for sale again")]
    private partial void LogExpired(string id, TimeSpan limit);

    [LoggerMessage(LogLevel.Warning, "Unpaid orders could not be ended now: {Reason}")]
    private partial void LogFailed(string reason);
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Outbox;

/// <summary>
/// Carries committed events from the outbox to Kafka and into the change feed: reads the write-ahead log through one replication slot,
/// publishes, and lets the slot go past an event only when Kafka has it and the feed shows it. Delivery is at least once and per order
/// in version order.
/// Every api replica runs one; the slot is the leader lock, the others wait. See <see cref="RelaySession"/> for one life.
/// </summary>
internal sealed partial class OutboxRelay(
    IConfiguration configuration, KafkaClients kafka, IOptions<OutboxOptions> options, OutboxMetrics metrics,
        OutboxHealth health, TimeProvider time,
    ILogger<OutboxRelay> logger) : BackgroundService
{
    private readonly RelayBackoff _backoff = new(options.Value.BackoffMax);

    /// <summary>What Kafka refused together with others: each is sent alone by the next session.</summary>
    private readonly ConcurrentDictionary<long, bool> _suspects = new();

    private readonly string _connectionString = configuration.GetConnectionString(WireNames.Connections.OrdersDb)
        ?? throw new InvalidOperationException($"no connection string '{WireNames.Connections.OrdersDb}'");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = false;
        var slot = new OutboxSlot(_connectionString);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await slot.IsTakenAsync(stoppingToken))
                {
                    await RunSessionAsync(slot, () => Lead(ref waiting), stoppingToken);
                    continue;
                }

                await StandByAsync(waiting, stoppingToken);
                waiting = true;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                await StandByAsync(waiting, stoppingToken);
                waiting = true;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                metrics.SessionEnded("error");
                health.Failed(error.Message);
                var pause = _backoff.Next();
                LogFailed(error, pause);
                await PauseAsync(pause, stoppingToken);
            }
            finally
            {
                metrics.Leading(false);
            }
        }
    }

    private async Task RunSessionAsync(OutboxSlot slot, Action leading, CancellationToken stopping)
    {
        await kafka.EnsureTopicsAsync(OrderTopics.All, stopping);
        var changes = new ChangeWriter(_connectionString, options.Value.SequenceInterval, time, logger);
        var partitions = new OutboxPartitions(_connectionString, metrics, logger);
        await using var session = new RelaySession(
            _connectionString, kafka.CreateProducer(), slot, partitions, new OutboxAlarm(health, options.Value, logger), changes,
            new SetAsideWriter(_connectionString, time, logger), _suspects, options.Value, metrics, time);
        if (await new OutboxPublication(_connectionString).MendAsync(stopping)) LogPublicationMended();
        var replayed = await slot.EnsureAsync(rows => session.ReplayAsync(rows, stopping), stopping);
        if (replayed > 0) LogReplayed(replayed);
        if (replayed > 0) _backoff.Restart();
        await session.RunAsync(leading, Progress, stopping);
        metrics.SessionEnded("stopped");
    }

    private Task StandByAsync(bool waiting, CancellationToken stopping)
    {
        if (!waiting) LogStandby();
        health.Works();
        return PauseAsync(options.Value.StandbyInterval, stopping);
    }

    private void Lead(ref bool waiting)
    {
        waiting = false;
        metrics.Leading(true);
    }

    /// <summary>Reading is no progress: a session that fails at the same event as the one before it has read as much.</summary>
    private void Progress(ulong position)
    {
        if (_backoff.Progressed(position)) health.Works();
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping) =>
        await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

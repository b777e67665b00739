using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orders.Indexer.Streams;

namespace Orders.Indexer.Webhooks;

/// <summary>
/// Takes deliveries that are due and sends them, several processes at once. What it has taken is in <see cref="Lanes"/>, which only
/// this loop touches; a delivery that ends puts itself into <see cref="_ended"/> and rings.
/// </summary>
internal sealed partial class WebhookDispatcher(
    DeliveryQueue queue, WebhookSender sender, DeliveryResults results, DispatchBell bell, WebhookMetrics metrics,
    IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookDispatcher> logger) : BackgroundService
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for the last results to be written.</summary>
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(2);

    private readonly WebhookOptions _options = options.Value;
    private readonly Lanes _lanes = new(options.Value.Concurrency, options.Value.ConcurrencyPerSubscription);
    private readonly ConcurrentQueue<Delivery> _ended = new();
    private readonly CancellationTokenSource _abandon = new();
    private long _lookedAt = long.MinValue;
    private bool _wasFull;

    public override void Dispose()
    {
        _abandon.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var writing = results.RunAsync(CancellationToken.None);
        var backoff = new Backoff(BackoffMin, BackoffMax);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RoundAsync(stoppingToken);
                backoff.Reset();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                // The edge of the loop: the database is away. What is under way goes on.
                var wait = backoff.Next();
                LogLookFailed(wait, failure);
                await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await LeaveAsync(writing);
    }

    private async Task RoundAsync(CancellationToken stop)
    {
        Settle();
        if (ShouldLook()) await LookAsync(stop);
        while (_lanes.Next() is { } next) Start(next);
        await bell.WaitAsync(_options.PollInterval - time.GetElapsedTime(_lookedAt), stop);
    }

    private void Settle()
    {
        while (_ended.TryDequeue(out var ended)) _lanes.Done(ended);
    }

    /// <summary>When it is time, when the stream brought something, or when what was taken runs out and there was more.</summary>
    private bool ShouldLook() =>
        bell.TakeNews() | (_lookedAt == long.MinValue || time.GetElapsedTime(_lookedAt) >= _options.PollInterval)
        || _lanes.WantsMore
        || (_wasFull && _lanes.Room >= _options.Concurrency);

    private async Task LookAsync(CancellationToken stop)
    {
        _lookedAt = time.GetTimestamp();
        var room = _lanes.Room;
        _wasFull = room == 0;
        if (_wasFull) return;
        var taken = await queue.TakeAsync(room, _lanes.Taken, stop);
        _wasFull = taken.Count >= room;
        _lanes.Asked();
        foreach (var delivery in taken) _lanes.Add(delivery);
    }

    private void Start(Delivery delivery)
    {
        metrics.InFlight(1);
        _ = DeliverAsync(delivery);
    }

    /// <summary>Never throws: the slot is given back whatever happens, and a result that cannot be written is the lease's affair.</summary>
    private async Task DeliverAsync(Delivery delivery)
    {
        await Task.Yield();
        try
        {
            await results.WriteAsync(await TryAsync(delivery));
        }
        catch (Exception failure)
        {
            LogLost(delivery.EventId, delivery.SubscriptionId, failure);
        }
        finally
        {
            metrics.InFlight(-1);
            _ended.Enqueue(delivery);
            bell.Ring();
        }
    }

    private async Task<DeliveryResult> TryAsync(Delivery delivery)
    {
        // What waited too long could be sent by another process at the same time.
        if (time.GetElapsedTime(delivery.TakenAt) + _options.Timeout > _options.Lease || _abandon.IsCancellationRequested)
            return new DeliveryResult(delivery, null, DeliveryFate.Released);
        try
        {
            var attempt = await sender.SendAsync(delivery, _abandon.Token);
            return RetryPolicy.Judge(delivery, attempt, _options, Random.Shared.NextDouble());
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
            return new DeliveryResult(delivery, null, DeliveryFate.Released);
        }
    }

    /// <summary>Gives back what waits, and what is under way after a moment; whoever is next need not wait for the leases.</summary>
    private async Task LeaveAsync(Task writing)
    {
        var started = time.GetTimestamp();
        _abandon.CancelAfter(_options.DrainMax);
        foreach (var waiting in _lanes.Empty()) _ = results.WriteAsync(new DeliveryResult(waiting, null, DeliveryFate.Released));
        // A database that is away at this very moment is not waited for.
        while (_lanes.InFlight > 0 && time.GetElapsedTime(started) < _options.DrainMax + WriteMax)
        {
            await bell.WaitAsync(WriteMax, CancellationToken.None);
            Settle();
        }

        results.Complete();
        await writing.WaitAsync(WriteMax, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using Microsoft.Extensions.Options;
using Orders.Simulator.Api;
using Orders.Simulator.Model;
using Orders.Simulator.Seeding;
using Orders.Simulator.Tables;

namespace Orders.Simulator.Live;

/// <summary>
/// Seeds the tables, then places an order at every arrival. At most <see cref="SimulatorOptions.MaxInFlight"/> orders are on
/// their way at once; when all places are taken, the arrival waits for one. On stop no new order begins, and those on their
/// way have <see cref="Grace"/> to end, so that a stop does not leave orders whose fate nobody knows.
/// </summary>
internal sealed partial class LiveTraffic(
    TableSeeder seeder, ShopWindow shop, OrderPlacer placer, LiveControl control, LiveProfile profile, SimulatorMetrics metrics,
    RunName run, IOptions<SimulatorOptions> options, TimeProvider time, ILogger<LiveTraffic> logger) : BackgroundService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _places = new(options.Value.MaxInFlight);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var requests = new CancellationTokenSource();
        await using var stop = stoppingToken.Register(() => requests.CancelAfter(Grace));
        try
        {
            if (options.Value.Seed) await seeder.SeedAsync(stoppingToken);
            await shop.OpenAsync(stoppingToken);
            LogStarted(run.Name, options.Value.RandomSeed, control.Current.OrdersPerSecond);
            await PlaceAsync(requests.Token, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopping(metrics.InFlight);
        }

        // All places free again: nothing is on its way.
        for (var place = 0; place < options.Value.MaxInFlight; place++) await _places.WaitAsync(CancellationToken.None);
    }

    public override void Dispose()
    {
        base.Dispose();
        _places.Dispose();
    }

    private async Task PlaceAsync(CancellationToken requests, CancellationToken stopping)
    {
        var intents = new OrderIntents(options.Value.RandomSeed, run.Name, options.Value.CancelShare);
        var arrivals = new PoissonArrivals(
            control, new RandomStream(options.Value.RandomSeed, "arrivals/" + run.Name).At(0), time, profile.Shape);
        for (var number = 0L; ; number++)
        {
            await arrivals.NextAsync(stopping);
            var model = await shop.OpenAsync(stopping);
            if (!await _places.WaitAsync(TimeSpan.Zero, stopping))
            {
                metrics.Delayed();
                await _places.WaitAsync(stopping);
            }

            _ = CarryOutAsync(intents.At(number, model), requests);
        }
    }

    private async Task CarryOutAsync(OrderIntent intent, CancellationToken cancel)
    {
        metrics.Started();
        try
        {
            await placer.PlaceAsync(intent, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The edge of the loop: one order that fails in an unforeseen way must not end the traffic.
            metrics.Failed("place", FailureKind.Interrupted);
            LogUnexpected(error, intent.Number);
        }
        finally
        {
            metrics.Ended();
            _places.Release();
        }
    }
}

/// <summary>The name of this run; see <see cref="SimulatorOptions.Run"/>.</summary>
internal sealed class RunName(IOptions<SimulatorOptions> options, TimeProvider time)
{
    public string Name { get; } = string.IsNullOrEmpty(options.Value.Run)
        ? Guid.CreateVersion7(time.GetUtcNow()).ToString()
        : options.Value.Run;
}

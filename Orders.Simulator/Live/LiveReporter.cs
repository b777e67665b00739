using Microsoft.Extensions.Options;

namespace Orders.Simulator.Live;

/// <summary>One line in the log per interval, instead of one per order.</summary>
internal sealed partial class LiveReporter(
    SimulatorMetrics metrics, LiveControl control, ShopWindow shop, IOptions<SimulatorOptions> options, TimeProvider time,
    ILogger<LiveReporter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        var (before, at) = (0L, time.GetTimestamp());
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (shop.Tables is null) continue;
                var (totals, elapsed) = (metrics.Totals(), time.GetElapsedTime(at));
                var rate = Math.Round((totals.Placed - before) / elapsed.TotalSeconds, 1);
                (before, at) = (totals.Placed, time.GetTimestamp());
                LogTotals(rate, control.Current.EffectiveRate, totals.Placed, totals.Cancelled, totals.FailedTotal, totals.Retried,
                    totals.Delayed);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogEnd(metrics.Totals().Placed);
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Actual} of {Rate} orders/s; placed {Placed}, cancelled {Cancelled}, failed {Failed}, retried {Retried}, delayed {Delayed}")]
    private partial void LogTotals(double actual, double rate, long placed, long cancelled, long failed, long retried, long delayed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Placed {Placed} orders in all")]
    private partial void LogEnd(long placed);
}

using Microsoft.Extensions.Options;

namespace Orders.Simulator.Live;

/// <summary>One line in the log per interval in which something happened, instead of one per order.</summary>
internal sealed partial class LiveReporter(
    SimulatorMetrics metrics, LiveControl control, IOptions<SimulatorOptions> options, TimeProvider time,
    ILogger<LiveReporter> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        var (before, at) = (metrics.Totals(), time.GetTimestamp());
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var (totals, elapsed) = (metrics.Totals(), time.GetElapsedTime(at));
                if (Events(totals) == Events(before) && control.Current.EffectiveRate <= 0) continue;
                var rate = Math.Round((totals.Placed - before.Placed) / elapsed.TotalSeconds, 1);
                var failures = NewFailures(before, totals);
                (before, at) = (totals, time.GetTimestamp());
                LogTotals(rate, control.Current.EffectiveRate, totals.Placed, totals.Cancelled, totals.FailedTotal, totals.SoldOut,
                    totals.Retried, totals.Delayed);
                if (failures.Length > 0) LogFailures(failures);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogEnd(metrics.Totals().Placed);
        }
    }

    private static long Events(SimulatorTotals totals) => totals.Placed + totals.Cancelled + totals.FailedTotal + totals.Retried;

    private static string NewFailures(SimulatorTotals before, SimulatorTotals now) => string.Join(", ",
        now.Failed.Select(kind => (kind.Key, Count: kind.Value - before.Failed[kind.Key])).Where(kind => kind.Count > 0)
            .Select(kind => $"{kind.Count} {kind.Key}"));

    [LoggerMessage(Level = LogLevel.Warning, Message = "Since the last report not every order succeeded: {Failures}")]
    private partial void LogFailures(string failures);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Actual} of {Rate} orders/s; placed {Placed}, cancelled {Cancelled}, failed {Failed}, sold out {SoldOut}, "
            + "retried {Retried}, delayed {Delayed}")]
    private partial void LogTotals(
        double actual, double rate, long placed, long cancelled, long failed, long soldOut, long retried, long delayed);

    [LoggerMessage(Level = LogLevel.Information, Message = "Placed {Placed} orders in all")]
    private partial void LogEnd(long placed);
}

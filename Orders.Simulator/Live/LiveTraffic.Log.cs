namespace Orders.Simulator.Live;

internal sealed partial class LiveTraffic
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Live traffic begins: run {Run}, seed {Seed}, {Rate} orders/s")]
    private partial void LogStarted(string run, int seed, double rate);

    [LoggerMessage(Level = LogLevel.Information, Message = "Live traffic ends: {InFlight} orders on their way")]
    private partial void LogStopping(long inFlight);

    [LoggerMessage(Level = LogLevel.Error, Message = "Order intent {Number} failed in an unforeseen way")]
    private partial void LogUnexpected(Exception error, long number);
}

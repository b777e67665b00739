using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orders.Simulator.Api;

namespace Orders.Simulator;

/// <summary>
/// What the simulator counts, once as instruments and once as totals since start for <c>GET /live</c> and the log.
/// </summary>
internal sealed class SimulatorMetrics
{
    public const string Name = "Orders.Simulator";

    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> _placed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _soldOut;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _delayed;
    private readonly Histogram<double> _latency;

    private readonly long[] _failures = new long[Enum.GetValues<FailureKind>().Length];
    private long _placedTotal;
    private long _cancelledTotal;
    private long _soldOutTotal;
    private long _retriedTotal;
    private long _delayedTotal;
    private long _inFlight;

    public SimulatorMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Name);
        _placed = meter.CreateCounter<long>(
            "orders.simulator.placed", "{order}", "Orders that the API, or the broker of the topic, has acknowledged");
        _cancelled = meter.CreateCounter<long>("orders.simulator.cancelled", "{order}", "Orders cancelled by the simulated customer");
        _failed = meter.CreateCounter<long>("orders.simulator.failed", "{order}", "Orders and cancellations given up");
        _soldOut = meter.CreateCounter<long>(
            "orders.simulator.sold_out", "{order}", "Orders that were refused because a product was sold out; it is restocked");
        _retried = meter.CreateCounter<long>("orders.simulator.retried", "{request}", "Requests sent again because they were not executed");
        _delayed = meter.CreateCounter<long>("orders.simulator.delayed", "{order}", "Arrivals that had to wait for a free place in flight");
        _latency = meter.CreateHistogram("orders.simulator.latency", "s", "From sending an order to its reply, retries included",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
            });
        meter.CreateObservableUpDownCounter("orders.simulator.in_flight", () => InFlight, "{order}", "Orders on their way");
    }

    public long InFlight => Interlocked.Read(ref _inFlight);

    public void Started() => Interlocked.Increment(ref _inFlight);

    public void Ended() => Interlocked.Decrement(ref _inFlight);

    public void Placed(TimeSpan latency)
    {
        _placed.Add(1);
        _latency.Record(latency.TotalSeconds);
        Interlocked.Increment(ref _placedTotal);
    }

    public void Cancelled()
    {
        _cancelled.Add(1);
        Interlocked.Increment(ref _cancelledTotal);
    }

    public void Failed(string operation, FailureKind kind)
    {
        _failed.Add(1, new("operation", operation), new("kind", kind.ToWire()));
        Interlocked.Increment(ref _failures[(int)kind]);
    }

    public void SoldOut()
    {
        _soldOut.Add(1);
        Interlocked.Increment(ref _soldOutTotal);
    }

    public void Retried()
    {
        _retried.Add(1);
        Interlocked.Increment(ref _retriedTotal);
    }

    public void Delayed()
    {
        _delayed.Add(1);
        Interlocked.Increment(ref _delayedTotal);
    }

    public SimulatorTotals Totals() => new(
        Interlocked.Read(ref _placedTotal),
        Interlocked.Read(ref _cancelledTotal),
        Enum.GetValues<FailureKind>().ToDictionary(kind => kind.ToWire(), kind => Interlocked.Read(ref _failures[(int)kind])),
        Interlocked.Read(ref _soldOutTotal),
        Interlocked.Read(ref _retriedTotal),
        Interlocked.Read(ref _delayedTotal),
        InFlight);
}

/// <summary>Totals since the process started.</summary>
internal sealed record SimulatorTotals(
    long Placed, long Cancelled, IReadOnlyDictionary<string, long> Failed, long SoldOut, long Retried, long Delayed, long InFlight)
{
    public long FailedTotal => Failed.Values.Sum();
}

using System.Diagnostics.Metrics;
using System.Globalization;

namespace Orders.Indexer.Webhooks;

/// <summary>The instruments of webhooks. Tags are bounded: what became of a try, never whose it was.</summary>
internal sealed class WebhookMetrics
{
    private static readonly double[] RequestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly double[] LatencySeconds =
        [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 3600, 4 * 3600, 24 * 3600, 72 * 3600];

    private readonly Counter<long> _delivered;
    private readonly Counter<long> _retried;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _disabled;
    private readonly Histogram<double> _request;
    private readonly Histogram<double> _latency;
    private long _pending;
    private long _inFlight;

    public WebhookMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(IndexerTelemetry.Name);
        _delivered = meter.CreateCounter<long>("orders.webhooks.delivered", "{delivery}", "Deliveries that a receiver took");
        _retried = meter.CreateCounter<long>("orders.webhooks.retried", "{try}", "Tries that failed and will be repeated, by reason");
        _failed = meter.CreateCounter<long>("orders.webhooks.failed", "{delivery}", "Deliveries given up, by reason of the last try");
        _expired = meter.CreateCounter<long>(
            "orders.webhooks.expired", "{delivery}", "Deliveries that were still pending when their retention ended");
        _disabled = meter.CreateCounter<long>("orders.webhooks.disabled", "{subscription}", "Subscriptions disabled, by reason");
        _request = meter.CreateHistogram("orders.webhooks.request.duration", "s", "From calling a receiver to its reply",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RequestSeconds });
        _latency = meter.CreateHistogram("orders.webhooks.latency", "s", "From the commit of a change to its delivery",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencySeconds });
        meter.CreateObservableGauge("orders.webhooks.pending", () => Volatile.Read(ref _pending), "{delivery}",
            "Deliveries that wait in the table, counted now and then, up to 100,000; every process reports the same ones");
        meter.CreateObservableGauge("orders.webhooks.in_flight", () => Volatile.Read(ref _inFlight), "{delivery}",
            "Requests under way from this process");
    }

    public void Result(DeliveryResult result, DateTimeOffset now)
    {
        if (result.Attempt is not { } attempt) return;
        _request.Record(attempt.Latency.TotalSeconds);
        switch (result.Fate)
        {
            case DeliveryFate.Delivered:
                _delivered.Add(1);
                // A redelivery says nothing about how late an event is.
                if (result.Delivery.Try == result.Delivery.Attempt && result.Delivery.Event is { } sent)
                    _latency.Record(Math.Max(0, (now - sent.At).TotalSeconds));
                break;
            case DeliveryFate.Pending: _retried.Add(1, Reason(attempt)); break;
            case DeliveryFate.Failed: _failed.Add(1, Reason(attempt)); break;
        }
    }

    public void InFlight(int change) => Interlocked.Add(ref _inFlight, change);

    public void Pending(long deliveries) => Volatile.Write(ref _pending, deliveries);

    public void Expired(long deliveries) => _expired.Add(deliveries);

    public void Disabled(string reason) => _disabled.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A status class such as <c>5xx</c>, or the error's code.</summary>
    private static KeyValuePair<string, object?> Reason(Attempt attempt) => new("reason", attempt.StatusCode is { } status
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(status / 100, 1, 9)}xx")
        : attempt.Error);
}

using System.Diagnostics.Metrics;

namespace Orders.Api.Features;

/// <summary>What the API does with orders. The relay's instruments are in <c>Outbox/OutboxMetrics.cs</c>.</summary>
internal sealed class ApiMetrics
{
    private readonly Counter<long> _placed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _refused;

    public ApiMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api");
        _placed = meter.CreateCounter<long>("orders.placed", "{order}", "Orders committed");
        _cancelled = meter.CreateCounter<long>("orders.cancelled", "{order}", "Orders cancelled");
        _refused = meter.CreateCounter<long>("orders.refused", "{request}", "Changes refused, by reason");
    }

    public void Placed() => _placed.Add(1);

    public void Cancelled() => _cancelled.Add(1);

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

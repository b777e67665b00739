using System.Diagnostics.Metrics;

namespace Orders.Api.Features;

/// <summary>What the API does with orders. The relay's instruments are in <c>Outbox/OutboxMetrics.cs</c>.</summary>
internal sealed class ApiMetrics
{
    private readonly Counter<long> _changes;
    private readonly Counter<long> _refused;

    public ApiMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api");
        _changes = meter.CreateCounter<long>("orders.changes", "{order}", "Changes of orders that were committed, by event type");
        _refused = meter.CreateCounter<long>("orders.refused", "{request}", "Changes refused, by reason");
    }

    public void Changed(string type) => _changes.Add(1, new KeyValuePair<string, object?>("type", type));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Orders.Api.Inbound;

/// <summary>What becomes of commands from the inbound topic.</summary>
internal sealed class InboundMetrics
{
    public static readonly ActivitySource Source = new("Orders.Api.Inbound");

    private readonly Counter<long> _done;
    private readonly Counter<long> _deadLetters;

    public InboundMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api.Inbound");
        _done = meter.CreateCounter<long>("orders.inbound.done", "{command}", "Commands that were done, repeats included");
        _deadLetters = meter.CreateCounter<long>("orders.inbound.dead_letters", "{command}", "Commands that can never be done, by reason");
    }

    public void Done() => _done.Add(1);

    public void DeadLetter(string reason) => _deadLetters.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

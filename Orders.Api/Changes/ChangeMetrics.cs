using System.Diagnostics.Metrics;

namespace Orders.Api.Changes;

/// <summary>Who follows the change feed, and from where they are served.</summary>
internal sealed class ChangeMetrics
{
    private readonly UpDownCounter<int> _followers;
    private readonly Counter<long> _reads;

    public ChangeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api.Changes");
        _followers = meter.CreateUpDownCounter<int>("orders.changes.followers", "{request}", "Requests that wait or stream, by kind");
        _reads = meter.CreateCounter<long>("orders.changes.reads", "{read}", "Reads of those who follow, from memory or from the table");
    }

    public void Followers(bool isStream, int change) =>
        _followers.Add(change, new KeyValuePair<string, object?>("kind", isStream ? "stream" : "poll"));

    public void Read(bool fromTail) => _reads.Add(1, new KeyValuePair<string, object?>("from", fromTail ? "memory" : "table"));
}

using System.Diagnostics.Metrics;
using Orders.Api.Persistence;

namespace Orders.Api.Features.Bulk;

internal sealed class BulkMetrics
{
    private readonly Counter<long> _imported;
    private readonly Counter<long> _exported;

    public BulkMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Orders.Api.Bulk");
        _imported = meter.CreateCounter<long>("orders.import.lines", "{line}", "Lines of imports, by what became of them");
        _exported = meter.CreateCounter<long>("orders.export.orders", "{order}", "Orders that exports have written");
    }

    public void Imported(ImportOutcome outcome, long lines)
    {
        if (lines > 0) _imported.Add(lines, new KeyValuePair<string, object?>("outcome", outcome switch
        {
            ImportOutcome.Accepted => "accepted",
            ImportOutcome.Unchanged => "unchanged",
            _ => "rejected",
        }));
    }

    public void Exported(long orders) => _exported.Add(orders);
}

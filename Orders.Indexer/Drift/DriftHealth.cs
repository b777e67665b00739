using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Indexer.Drift;

/// <summary>Degraded while the last comparison found a target that differs from the database, repaired or not.</summary>
internal sealed class DriftHealth(DriftMetrics metrics) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var differing = metrics.Differing();
        return Task.FromResult(differing.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("the last comparison with the database found " + string.Join(", ", differing.Select(entry =>
                string.Create(CultureInfo.InvariantCulture, $"{entry.Orders} of {entry.Target}")))));
    }
}

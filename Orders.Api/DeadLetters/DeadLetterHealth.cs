using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Orders.Api.DeadLetters;

/// <summary>Degraded while more letters are open than the option allows: they need an operator.</summary>
internal sealed class DeadLetterHealth(DeadLetterMetrics metrics, IOptions<DeadLetterOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(metrics.Open is var open && open > options.Value.OpenMax
            ? HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"{open} dead letters are open: GET /v1/admin/dead-letters?state=open"))
            : HealthCheckResult.Healthy());
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Api.Outbox;

/// <summary>
/// Degraded while the relay's last session has failed: orders are still placed and read, and their events wait in the log.
/// </summary>
internal sealed class OutboxHealth : IHealthCheck
{
    private volatile string? _failure;

    public void Failed(string reason) => _failure = reason;

    public void Works() => _failure = null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_failure is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}

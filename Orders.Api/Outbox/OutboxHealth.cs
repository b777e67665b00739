using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.Api.Outbox;

/// <summary>
/// Degraded while the relay's last session has failed or the stream is far behind: orders are still placed and read, and their events
/// wait in the log.
/// </summary>
internal sealed class OutboxHealth : IHealthCheck
{
    private volatile string? _failure;
    private volatile string? _alarm;

    public void Failed(string reason) => _failure = reason;

    public void Works() => _failure = null;

    /// <summary>The stream is behind; null: it is not.</summary>
    public void Alarm(string? reason) => _alarm = reason;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((_failure ?? _alarm) is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}

using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Orders.Native.Hosting;

/// <summary>
/// Asks the health checks of each resource that runs, publishes the answers, and publishes ResourceReadyEvent when a started resource
/// is healthy for the first time. Resources without a process of their own, such as databases, live as long as their parent runs.
/// </summary>
internal sealed class HealthMonitor(
    ResourceNotificationService notifications,
    HealthCheckService checks,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    ResourceLoggerService loggers,
    TimeProvider time,
    ILogger<HealthMonitor> logger)
{
    private static readonly TimeSpan UnhealthyInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<IResource, (CancellationTokenSource Stop, Task Work)> _monitors = [];

    public async Task RunAsync(IReadOnlyList<IResource> resources, CancellationToken stopping)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stopping).ConfigureAwait(false))
            {
                Mirror(change, resources);
                if (IsRunning(change.Resource))
                    Start(change.Resource, stopping);
                else
                    await StopAsync(change.Resource).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            foreach (var resource in _monitors.Keys.ToArray())
                await StopAsync(resource).ConfigureAwait(false);
        }
    }

    private bool IsRunning(IResource resource) => Instances(resource).Any(e => e.Snapshot.State?.Text == KnownResourceStates.Running);

    private IEnumerable<ResourceEvent> Instances(IResource resource)
    {
        foreach (var id in ResourceNotificationService.InstanceIds(resource))
        {
            if (notifications.TryGetCurrentState(id, out var state))
                yield return state;
        }
    }

    private void Mirror(ResourceEvent change, IReadOnlyList<IResource> resources)
    {
        foreach (var child in resources.OfType<IResourceWithParent>().Where(c => c.Parent == change.Resource && !Instance.IsProcess(c)))
        {
            var parent = change.Snapshot;
            _ = notifications.PublishUpdateAsync(child, s => s.State?.Text == parent.State?.Text ? s : s with
            {
                State = parent.State,
                StartTimeStamp = parent.StartTimeStamp,
                StopTimeStamp = parent.StopTimeStamp,
                ResourceReady = null,
                HealthReports = [.. child.Annotations.OfType<HealthCheckAnnotation>()
                    .Select(h => new HealthReportSnapshot(h.Key, null, null, null))],
            });
        }
    }

    private void Start(IResource resource, CancellationToken stopping)
    {
        if (_monitors.ContainsKey(resource))
            return;
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _monitors[resource] = (stop, MonitorAsync(resource, stop.Token));
    }

    private async Task StopAsync(IResource resource)
    {
        if (!_monitors.Remove(resource, out var monitor))
            return;
        await monitor.Stop.CancelAsync().ConfigureAwait(false);
        await monitor.Work.ConfigureAwait(false);
        monitor.Stop.Dispose();
    }

    private async Task MonitorAsync(IResource resource, CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(h => h.Key).ToHashSet(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                var healthy = keys.Count == 0 || await CheckAsync(resource, keys, cancellationToken).ConfigureAwait(false);
                if (healthy)
                    MakeReady(resource, cancellationToken);
                await Task.Delay(healthy ? HealthyInterval : UnhealthyInterval, time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            logger.LogError(e, "The health of '{Resource}' is no longer watched.", resource.Name);
        }
    }

    private async Task<bool> CheckAsync(IResource resource, HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(c => keys.Contains(c.Name), cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow().UtcDateTime;
        ImmutableArray<HealthReportSnapshot> reports =
        [
            .. report.Entries.Select(e => new HealthReportSnapshot(
                e.Key, e.Value.Status, e.Value.Description, e.Value.Exception?.ToString()) { LastRunAt = now }),
        ];
        foreach (var instance in Instances(resource))
        {
            LogChanges(instance, reports);
            await notifications.PublishUpdateAsync(resource, instance.ResourceId, s =>
                s.State?.Text == KnownResourceStates.Running ? s with { HealthReports = reports } : s).ConfigureAwait(false);
        }

        return report.Status == HealthStatus.Healthy;
    }

    /// <summary>What was healthy and is no longer, or was not and is, is worth a line; the first answers while it starts are not.</summary>
    private void LogChanges(ResourceEvent instance, ImmutableArray<HealthReportSnapshot> reports)
    {
        if (instance.Snapshot.ResourceReady is null)
            return;
        foreach (var report in reports)
        {
            var before = instance.Snapshot.HealthReports.FirstOrDefault(r => r.Name == report.Name)?.Status;
            if (before is not null && before != report.Status)
                loggers.GetLogger(instance.ResourceId)
                    .LogInformation("Health check {Name}: {Status}. {Reason}", report.Name, report.Status,
                    report.Description);
        }
    }

    /// <summary>Replicas share one event: the resource is ready when the first of them is.</summary>
    private void MakeReady(IResource resource, CancellationToken cancellationToken)
    {
        var instances = Instances(resource).Where(i => i.Snapshot.State?.Text == KnownResourceStates.Running).ToArray();
        var ready = instances.Select(i => i.Snapshot.ResourceReady).FirstOrDefault(r => r is not null);
        foreach (var instance in instances.Where(i => i.Snapshot.ResourceReady is null))
        {
            ready ??= PublishReadyAsync(resource, cancellationToken);
            _ = notifications.PublishUpdateAsync(resource, instance.ResourceId, s =>
                s.State?.Text == KnownResourceStates.Running ? s with { ResourceReady = ready } : s);
        }
    }

    private async Task PublishReadyAsync(IResource resource, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await eventing.PublishAsync(new ResourceReadyEvent(resource, services), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "A handler of ResourceReadyEvent of '{Resource}' failed.", resource.Name);
            throw;
        }
    }
}

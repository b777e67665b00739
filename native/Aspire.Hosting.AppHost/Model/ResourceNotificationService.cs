using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

public class ResourceNotificationServiceOptions
{
    /// <summary>What waits do when the awaited resource failed, unless they say themselves.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;
}

/// <summary>
/// Holds the last state of every resource instance and tells watchers of each change. Updates of one instance are applied one after
/// the other under one lock and reach every watcher in that order.
/// </summary>
public class ResourceNotificationService(IServiceProvider services)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableList<Channel<ResourceEvent>> _watchers = [];

    private WaitBehavior DefaultWaitBehavior =>
        services.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
            ?? WaitBehavior.StopOnResourceUnavailable;

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in InstanceIds(resource))
            Publish(resource, id, stateFactory);
        return Task.CompletedTask;
    }

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        Publish(resource, resourceId, stateFactory);
        return Task.CompletedTask;
    }

    /// <summary>The state of an instance, by its id or, if the resource has one instance only, by the resource's name.</summary>
    public bool TryGetCurrentState(string resourceIdOrName, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
        {
            if (_states.TryGetValue(resourceIdOrName, out resourceEvent))
                return true;
            var named = _states.Values.Where(e => IsNamed(e, resourceIdOrName)).Take(2).ToArray();
            resourceEvent = named.Length == 1 ? named[0] : null;
            return resourceEvent is not null;
        }
    }

    /// <summary>The current state of everything, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_lock)
        {
            foreach (var state in _states.Values)
                channel.Writer.TryWrite(state);
            _watchers = _watchers.Add(channel);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return change;
        }
        finally
        {
            lock (_lock)
                _watchers = _watchers.Remove(channel);
        }
    }

    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [string.IsNullOrEmpty(targetState) ? KnownResourceStates.Running : targetState],
            cancellationToken);

    public async Task<string> WaitForResourceAsync(
        string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var wanted = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var reached = await WaitForResourceAsync(
            resourceName, e => e.Snapshot.State is { } state && wanted.Contains(state.Text), cancellationToken).ConfigureAwait(false);
        return reached.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        try
        {
            await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
            {
                if (IsNamed(change, resourceName) && predicate(change))
                    return change;
            }
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(
                $"Gave up waiting for resource '{resourceName}'. {Describe(resourceName)}", e, cancellationToken);
        }

        throw new OperationCanceledException($"The application stopped while waiting for resource '{resourceName}'.");
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    /// <summary>Returns when the resource is healthy and the handlers of its ResourceReadyEvent have run.</summary>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var reached = await WaitForResourceAsync(
            resourceName,
            e => IsReady(e.Snapshot)
                || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && KnownResourceStates.IsTerminal(e.Snapshot.State?.Text)),
            cancellationToken).ConfigureAwait(false);
        if (!IsReady(reached.Snapshot))
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it is {reached.Snapshot.State?.Text}. "
                + Describe(resourceName));
        }

        await reached.Snapshot.ResourceReady!.WaitAsync(cancellationToken).ConfigureAwait(false);
        return reached;
    }

    internal static bool IsReady(CustomResourceSnapshot snapshot) =>
        snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy && snapshot.ResourceReady is not null;

    internal static IReadOnlyList<string> InstanceIds(IResource resource) =>
        resource.Annotations.OfType<InstancesAnnotation>().LastOrDefault()?.Ids ?? [resource.Name];

    private static bool IsNamed(ResourceEvent e, string name) =>
        string.Equals(e.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(e.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private void Publish(IResource resource, string id, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var before = _states.TryGetValue(id, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [] };
            var after = UpdateCommands(resource, stateFactory(before));
            if (known is not null && after == before)
                return;

            var change = new ResourceEvent(resource, id, after);
            _states[id] = change;
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(change);
        }
    }

    private CustomResourceSnapshot UpdateCommands(IResource resource, CustomResourceSnapshot snapshot)
    {
        var context = new UpdateCommandStateContext { ResourceSnapshot = snapshot, Services = services };
        var commands = resource.Annotations.OfType<ResourceCommandAnnotation>().Select(c => new ResourceCommandSnapshot(
            c.Name, c.UpdateState(context), c.DisplayName, c.DisplayDescription, c.Parameter, c.ConfirmationMessage,
                c.IconName, c.IconVariant,
            c.IsHighlighted)).ToImmutableArray();
        return commands.SequenceEqual(snapshot.Commands) ? snapshot : snapshot with { Commands = commands };
    }

    private string Describe(string resourceName)
    {
        lock (_lock)
        {
            var states = _states.Values.Where(e => IsNamed(e, resourceName)).Select(e =>
                $"{e.ResourceId} is {e.Snapshot.State?.Text ?? "unknown"}"
                + string.Concat(e.Snapshot.HealthReports.Select(r =>
                    $", {r.Name}: {r.Status?.ToString() ?? "not answered"} {r.Description}")));
            var text = string.Join("; ", states);
            return text.Length == 0 ? "There is no resource of that name." : text + ".";
        }
    }
}

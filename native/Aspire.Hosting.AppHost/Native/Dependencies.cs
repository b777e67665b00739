using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.Native.Hosting;

/// <summary>Holds a resource back until those it waits for are as far as it asked.</summary>
internal sealed class Dependencies(
    ResourceNotificationService notifications, ResourceLoggerService loggers, IOptions<ResourceNotificationServiceOptions> options)
{
    public static bool Has(IResource resource) => resource.Annotations.OfType<WaitAnnotation>().Any();

    /// <summary>Whom the resource still waits for is passed to <paramref name="onWaiting"/>, at first and at each change.</summary>
    public async Task WaitAsync(
        IResource resource, string instanceId, Action<IReadOnlyList<string>> onWaiting, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToArray();
        var open = new Lock();
        var names = waits.Select(w => w.Resource.Name).ToList();
        onWaiting([.. names]);
        await Task.WhenAll(waits.Select(async wait =>
        {
            await WaitForAsync(wait, loggers.GetLogger(instanceId), cancellationToken).ConfigureAwait(false);
            lock (open)
            {
                names.Remove(wait.Resource.Name);
                onWaiting([.. names]);
            }
        })).ConfigureAwait(false);
    }

    private static bool IsReached(WaitType type, CustomResourceSnapshot snapshot) => type switch
    {
        WaitType.WaitUntilHealthy => ResourceNotificationService.IsReady(snapshot),
        WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
        _ => KnownResourceStates.IsTerminal(snapshot.State?.Text),
    };

    private async Task WaitForAsync(WaitAnnotation wait, ILogger logger, CancellationToken cancellationToken)
    {
        var goal = wait.WaitType switch
        {
            WaitType.WaitUntilHealthy => "become healthy",
            WaitType.WaitUntilStarted => "start",
            _ => "complete",
        };
        logger.LogInformation("Waiting for resource '{Name}' to {Goal}.", wait.Resource.Name, goal);
        var stops = (wait.WaitBehavior ?? options.Value.DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        foreach (var id in ResourceNotificationService.InstanceIds(wait.Resource))
        {
            var reached = await notifications.WaitForResourceAsync(
                id,
                e => IsReached(wait.WaitType, e.Snapshot) || (stops && KnownResourceStates.IsTerminal(e.Snapshot.State?.Text)),
                cancellationToken).ConfigureAwait(false);
            if (!IsReached(wait.WaitType, reached.Snapshot))
                throw new DistributedApplicationException(
                    $"Dependency resource '{wait.Resource.Name}' failed: it is {reached.Snapshot.State?.Text}.");
            if (wait.WaitType == WaitType.WaitForCompletion && reached.Snapshot.ExitCode is { } code && code != wait.ExitCode)
                throw new DistributedApplicationException(
                    $"Resource '{wait.Resource.Name}' ended with exit code {code}, not {wait.ExitCode}.");
            if (reached.Snapshot.ResourceReady is { } ready && wait.WaitType == WaitType.WaitUntilHealthy)
                await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        logger.LogInformation("Finished waiting for resource '{Name}'.", wait.Resource.Name);
    }
}

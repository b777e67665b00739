using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

/// <summary>
/// Says on the console which resource holds up the start, why, and what to do. Aspire itself says nothing there: a resource that does not
/// become healthy leaves everything that waits for it in the state Waiting without end.
/// </summary>
internal sealed class StartWatch(IServiceProvider services, IReadOnlyList<IResource> resources)
{
    private const int LinesShown = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    /// <summary>A resource in a state that it will not leave by itself.</summary>
    private static readonly TimeSpan FailedFor = TimeSpan.FromSeconds(5);
    /// <summary>A resource that is still on its way. A first start on a small machine takes 20 s.</summary>
    private static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(45);
    private static readonly string[] Ended = [KnownResourceStates.Exited, KnownResourceStates.Finished, KnownResourceStates.FailedToStart];

    private readonly ResourceNotificationService _states = services.GetRequiredService<ResourceNotificationService>();
    private readonly ResourceLoggerService _logs = services.GetRequiredService<ResourceLoggerService>();
    private readonly ConcurrentDictionary<string, ResourceEvent> _shown = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Problem, long Since)> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    public static void Use(IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsRunMode) return;
        builder.OnBeforeStart((e, cancel) =>
        {
            var ending = e.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            _ = new StartWatch(e.Services, [.. e.Model.Resources]).RunAsync(ending);
            return Task.CompletedTask;
        });
    }

    private async Task RunAsync(CancellationToken ending)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            _ = CollectAsync(ending);
            while (!resources.All(IsUp))
            {
                foreach (var resource in resources) await LookAsync(resource, ending);
                await timer.WaitForNextTickAsync(ending);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The application ends before it was up.
        }
    }

    private async Task CollectAsync(CancellationToken ending)
    {
        await foreach (var change in _states.WatchAsync(ending)) _shown[change.ResourceId] = change;
    }

    private async Task LookAsync(IResource resource, CancellationToken ending)
    {
        if (Problem(resource) is not { } problem)
        {
            _seen.TryRemove(resource.Name, out _);
            return;
        }

        var now = TimeProvider.System.GetTimestamp();
        var seen = _seen.AddOrUpdate(
            resource.Name, _ => (problem.Text, now), (_, before) => before.Problem == problem.Text ? before : (problem.Text, now));
        if (TimeProvider.System.GetElapsedTime(seen.Since, now) < (problem.IsFinal ? FailedFor : SlowFor)) return;
        if (!_said.Add($"{resource.Name}: {problem.Text}")) return;
        Console.WriteLine($"The start is held up by '{resource.Name}': {problem.Text}");
        foreach (var line in await LastLinesAsync(resource, ending)) Console.WriteLine($"    {line}");
        Console.WriteLine($"    {problem.Advice}");
    }

    /// <summary>Null when the resource is up, or waits for another one, which then is the one that holds up the start.</summary>
    private (string Text, string Advice, bool IsFinal)? Problem(IResource resource)
    {
        const string Restart = "The dashboard has its whole log. Remove the cause, then start the resource there, or start Orders again.";
        if (IsUp(resource) || State(resource) is not { } shown) return null;
        // A database shows what its server shows.
        if (resource is IResourceWithParent { Parent: { } parent } && !IsUp(parent)) return null;
        var state = shown.State?.Text ?? "";
        if (state is "" or "Waiting") return null;
        if (resource is ParameterResource)
            return ($"the parameter has no value ({state})", $"Set it, for example with --Parameters:{resource.Name}=VALUE.", true);
        if (state == KnownResourceStates.RuntimeUnhealthy)
            return ("no container engine answers", "Start Docker or Podman, or run with --servers=processes.", true);
        if (Ended.Contains(state)) return ($"{state}, exit code {shown.ExitCode?.ToString() ?? "unknown"}", Restart, true);
        var unhealthy = shown.HealthReports.Where(report => report.Status is HealthStatus.Unhealthy or HealthStatus.Degraded).ToArray();
        return unhealthy.Length > 0
            ? ($"{state}, but not healthy: {string.Join("; ", unhealthy.Select(Reason))}", Restart, false)
            : ($"{state} and not ready", Restart, false);
    }

    private static string Reason(HealthReportSnapshot report) =>
        report.Description ?? report.ExceptionText?.Split('\n')[0].Trim() ?? report.Name;

    /// <summary>Also what never starts by itself: Aspire's own hidden resources, and those that a user starts.</summary>
    private bool IsUp(IResource resource)
    {
        if (State(resource) is not { } shown) return false;
        var state = shown.State?.Text;
        if (shown.IsHidden || state == KnownResourceStates.NotStarted) return true;
        if (resource is ParameterResource) return state != KnownResourceStates.ValueMissing && !Ended.Contains(state);
        return state is "Running" or "Active" && shown.HealthStatus is null or HealthStatus.Healthy;
    }

    /// <summary>Of replicas, one that does not run yet.</summary>
    private CustomResourceSnapshot? State(IResource resource) =>
        Instances(resource).Select(instance => instance.Snapshot)
            .OrderBy(shown => shown.State?.Text == KnownResourceStates.Running ? 1 : 0).FirstOrDefault();

    private IEnumerable<ResourceEvent> Instances(IResource resource) => _shown.Values.Where(shown => shown.Resource.Name == resource.Name);

    private async Task<IReadOnlyList<string>> LastLinesAsync(IResource resource, CancellationToken ending)
    {
        var last = new Queue<string>();
        foreach (var instance in Instances(resource))
        {
            await foreach (var lines in _logs.GetAllAsync(instance.ResourceId).WithCancellation(ending))
            {
                foreach (var line in lines.Where(line => !string.IsNullOrWhiteSpace(line.Content)))
                {
                    if (last.Count == LinesShown) last.Dequeue();
                    last.Enqueue(line.Content);
                }
            }
        }

        return [.. last];
    }
}

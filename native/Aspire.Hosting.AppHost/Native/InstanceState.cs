using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Orders.Native.Dashboard;
using Orders.Native.Hosting.Dcp;

namespace Orders.Native.Hosting;

/// <summary>Publishes the state of one instance: what the runner is about to do, and what DCP reports of the process.</summary>
internal sealed class InstanceState(Instance instance, ResourceNotificationService notifications, TimeProvider time, LogFollower logs)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _forgotten = [];
    private ExecutableSpec? _launched;
    private ExecutableStatus? _last;

    private bool IsServer => instance.Resource.Annotations.OfType<NativeServerAnnotation>().Any();

    private IEnumerable<HealthReportSnapshot> OpenReports => instance.Resource.Annotations.OfType<HealthCheckAnnotation>()
        .Select(h => new HealthReportSnapshot(h.Key, null, null, null));

    public void Begin(string state) => Publish(s => s with
    {
        State = new ResourceStateSnapshot(state, KnownResourceStateStyles.Info),
        StartTimeStamp = null,
        StopTimeStamp = null,
        ExitCode = null,
        HealthReports = [.. OpenReports],
        ResourceReady = null,
        Urls = Links(s, active: false),
    });

    public void WaitingFor(IReadOnlyList<string> names) => Publish(s => s with
    {
        Properties = With(s.Properties, new ResourcePropertySnapshot(KnownProperty.WaitingFor, names)),
    });

    /// <summary>What is about to be started.</summary>
    public void Launching(ExecutableSpec executable)
    {
        lock (_lock)
            _launched = executable;
        Publish(s => s with
        {
            Properties = With(s.Properties, [new(KnownProperty.WaitingFor, (string[])[]), .. Program(executable)]),
            EnvironmentVariables = [.. executable.Environment.Select(e => new EnvironmentVariableSnapshot(e.Key, e.Value, true))],
        });
    }

    public void Stopping() => Publish(s => s with { State = KnownResourceStates.Stopping });

    /// <summary>The instance is over without a process that DCP could report.</summary>
    public void End(string state) => Publish(s => s with
    {
        State = new ResourceStateSnapshot(
            state, state == KnownResourceStates.FailedToStart ? KnownResourceStateStyles.Error : null),
        StopTimeStamp = time.GetUtcNow().UtcDateTime,
        Urls = Links(s, active: false),
    });

    /// <summary>
    /// The process is about to be replaced: whatever DCP still has to say of it is old news. Its output is read to the end.
    /// </summary>
    public async Task ForgetAsync(ExecutableStatus old, CancellationToken cancellationToken)
    {
        lock (_lock)
            _forgotten.Add(old.Uid);
        await logs.FinishAsync(instance.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task WaitUntilOverAsync(CancellationToken cancellationToken) => await notifications.WaitForResourceAsync(
        instance.Id, e => KnownResourceStates.IsTerminal(e.Snapshot.State?.Text), cancellationToken).ConfigureAwait(false);

    /// <summary>DCP's report.</summary>
    public void Reported(ExecutableStatus status)
    {
        ExecutableSpec? launched;
        lock (_lock)
        {
            if (_forgotten.Contains(status.Uid) || status.State.Length == 0 || status == _last)
                return;
            _last = status;
            launched = _launched;
        }

        if (status.State is ExecutableStatus.Running or ExecutableStatus.Finished or ExecutableStatus.Terminated)
            logs.Follow(instance.Id, status.Uid);
        Publish(s => s with
        {
            State = State(status),
            StartTimeStamp = status.StartedAt,
            StopTimeStamp = status.FinishedAt,
            ExitCode = status.IsOver ? status.ExitCode : null,
            Properties = Described(s, status),
            EnvironmentVariables = Variables(status, launched) ?? s.EnvironmentVariables,
            Urls = Links(s, active: status.State == ExecutableStatus.Running),
            ResourceReady = status.State == ExecutableStatus.Running ? s.ResourceReady : null,
            HealthReports = status.IsOver ? [] : s.HealthReports,
        });
    }

    /// <summary>The command line of a server is long and the same for everyone: its name is shown, the line is in the details.</summary>
    private static IEnumerable<ResourcePropertySnapshot> Program(ExecutableSpec executable) => executable.Label is { } label
        ?
        [
            new(KnownProperty.Source, label),
            new("orders.commandLine", string.Join(' ', [executable.Path, .. executable.Args]))
            {
                DisplayName = "Command line",
                IsHighlighted = true,
            },
        ]
        :
        [
            new(KnownProperty.ExecutablePath, executable.Path),
            new(KnownProperty.ExecutableWorkDir, executable.WorkingDirectory),
            new(KnownProperty.ExecutableArgs, executable.Args.ToArray()),
        ];

    private static ImmutableArray<EnvironmentVariableSnapshot>? Variables(ExecutableStatus status, ExecutableSpec? launched) =>
        status.Environment.Count == 0
            ? null
            : [.. status.Environment.Select(e =>
                new EnvironmentVariableSnapshot(e.Key, e.Value, launched?.Environment.ContainsKey(e.Key) ?? false))];

    private static ImmutableArray<UrlSnapshot> Links(CustomResourceSnapshot snapshot, bool active) =>
        [.. snapshot.Urls.Select(u => u with { IsInactive = !active })];

    private static ImmutableArray<ResourcePropertySnapshot> Described(CustomResourceSnapshot snapshot, ExecutableStatus status)
    {
        var pid = new ResourcePropertySnapshot(KnownProperty.ExecutablePid, status.IsOver ? null : status.Pid);
        var properties = With(snapshot.Properties, pid);
        if (status.Args.Count > 0 && properties.Any(p => p.Name == KnownProperty.ExecutableArgs))
            properties = With(properties, new ResourcePropertySnapshot(KnownProperty.ExecutableArgs, status.Args.ToArray()));
        return status is { IsOver: true, ExitCode: { } code }
            ? With(properties, new ResourcePropertySnapshot(KnownProperty.ExitCode, code))
            : [.. properties.Where(p => p.Name != KnownProperty.ExitCode)];
    }

    private static ImmutableArray<ResourcePropertySnapshot> With(
        ImmutableArray<ResourcePropertySnapshot> properties, params ResourcePropertySnapshot[] changed) =>
        [.. properties.Where(p => !changed.Any(c => c.Name == p.Name)), .. changed.Where(c => c.Value is not null)];

    /// <summary>The states of the official package: a container that ended is Exited, a process that ended is Finished.</summary>
    private ResourceStateSnapshot State(ExecutableStatus status) => status.State switch
    {
        ExecutableStatus.Running => new(KnownResourceStates.Running, KnownResourceStateStyles.Success),
        ExecutableStatus.Finished => new(
            IsServer ? KnownResourceStates.Exited : KnownResourceStates.Finished,
            status.ExitCode is 0 or null ? KnownResourceStateStyles.Info : KnownResourceStateStyles.Error),
        ExecutableStatus.Terminated => new(KnownResourceStates.Exited, null),
        ExecutableStatus.FailedToStart => new(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
        ExecutableStatus.Stopping => new(KnownResourceStates.Stopping, null),
        _ => new(status.State, KnownResourceStateStyles.Info),
    };

    private void Publish(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        _ = notifications.PublishUpdateAsync(instance.Resource, instance.Id, change);
}

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Native.Hosting.Dcp;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>
/// Brings the application up and down: unpacks the servers, starts DCP and the dashboard, allots ports, starts every resource when
/// those it waits for are ready, and stops them in reverse.
/// </summary>
internal sealed class NativeHost(
    IServiceProvider services,
    DistributedApplicationModel model,
    AppHostMetadata metadata,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    DashboardSettings dashboardSettings,
    DashboardHost dashboard,
    IConfiguration configuration,
    ILogger<DistributedApplication> logger) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan DcpStopTimeout = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _work = [];
    private readonly SemaphoreSlim _shutdown = new(1, 1);
    private Dictionary<string, InstanceRunner> _runners = [];
    private RunFolder? _run;
    private DataFolders? _data;
    private DcpServer? _dcp;

    public InstanceRunner Runner(string instanceId) => _runners.TryGetValue(instanceId, out var runner)
        ? runner
        : throw new DistributedApplicationException($"'{instanceId}' is not a running resource.");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("Distributed application starting.");
        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken).ConfigureAwait(false);
        var layout = new NativeLayout(metadata.NativeDirectory);
        var toolset = await EnsureToolsetAsync(layout, cancellationToken).ConfigureAwait(false);

        await RunFolder.RemoveLeftoversAsync(layout, cancellationToken).ConfigureAwait(false);
        _run = RunFolder.Create(layout);
        _data = new DataFolders(layout, _run);
        _data.Lock(model.Resources);
        var endpoints = new EndpointAllocator(eventing, services, configuration["DcpPublisher:RandomizePorts"] == "true");
        endpoints.CheckFixedPorts(model.Resources, dashboardSettings);

        _dcp = await DcpServer.StartAsync(toolset.DcpPath, _run.Dcp, HomeFolder(layout), cancellationToken)
            .ConfigureAwait(false);
        await endpoints.AllocateAsync(model.Resources, _dcp.Client, cancellationToken).ConfigureAwait(false);
        await StartResourcesAsync(toolset, _dcp.Client, cancellationToken).ConfigureAwait(false);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken).ConfigureAwait(false);
        logger.LogInformation("Distributed application started. Press Ctrl+C to shut down.");
    }

    /// <summary>Stops everything, what is used by others last. What does not stop in time is ended by DCP.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _shutdown.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_run is null)
                return;
            await StopResourcesAsync().ConfigureAwait(false);
            await _stopping.CancelAsync().ConfigureAwait(false);
            if (_dcp is not null)
            {
                await _dcp.StopAsync(DcpStopTimeout).ConfigureAwait(false);
                await Task.WhenAll(_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await _dcp.DisposeAsync().ConfigureAwait(false);
            }

            await dashboard.DisposeAsync().ConfigureAwait(false);
            _data?.Dispose();
            _run.Dispose();
            _run = null;
        }
        finally
        {
            _shutdown.Release();
        }
    }

    /// <summary>Also after a start that failed half-way.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>DCP does not start with a home folder that belongs to somebody else, so every user of the clone has an own one.</summary>
    private static string HomeFolder(NativeLayout layout) => Path.Combine(layout.Root, $"home-{Environment.UserName}");

    private async Task<NativeToolset> EnsureToolsetAsync(NativeLayout layout, CancellationToken cancellationToken)
    {
        try
        {
            return await NativeToolset.EnsureAsync(
                layout, metadata.SourceDirectory, new ConsoleProgress(), cancellationToken).ConfigureAwait(false);
        }
        catch (MissingToolsException e)
        {
            throw new DistributedApplicationException(e.Message, e);
        }
    }

    private async Task StartResourcesAsync(NativeToolset toolset, DcpClient dcp, CancellationToken cancellationToken)
    {
        var resources = model.Resources.ToArray();
        var instances = Instance.CreateAll(dashboardSettings.IsEnabled ? [.. resources, dashboard.Resource] : resources);
        await ActivatorUtilities.CreateInstance<InitialStates>(services).PublishAsync(resources, cancellationToken).ConfigureAwait(false);

        var process = ActivatorUtilities.CreateInstance<ProcessConfiguration>(services, toolset, _data!);
        var logs = ActivatorUtilities.CreateInstance<LogFollower>(services, dcp, _stopping.Token);
        var states = instances.ToDictionary(i => i.Id, i => ActivatorUtilities.CreateInstance<InstanceState>(services, i, logs));
        var loggers = services.GetRequiredService<ResourceLoggerService>();
        _runners = instances.ToDictionary(i => i.Id, i => ActivatorUtilities.CreateInstance<InstanceRunner>(
            services, i, dcp, process, ActivatorUtilities.CreateInstance<Dependencies>(services), states[i.Id], loggers.GetLogger(i.Id)));

        _work.Add(ReportAsync(dcp, states));
        _work.Add(ActivatorUtilities.CreateInstance<HealthMonitor>(services).RunAsync(resources, _stopping.Token));
        if (dashboardSettings.IsEnabled)
            await StartDashboardAsync(instances[^1], toolset, dcp, cancellationToken).ConfigureAwait(false);
        foreach (var runner in _runners.Values.Where(r => r.Instance.Resource != dashboard.Resource))
        {
            if (!runner.Instance.Resource.TryGetLastAnnotation<ExplicitStartupAnnotation>(out _))
                _work.Add(StartAsync(runner));
        }
    }

    private async Task StartDashboardAsync(Instance instance, NativeToolset toolset, DcpClient dcp, CancellationToken cancellationToken)
    {
        await notifications.PublishUpdateAsync(dashboard.Resource, s => s with
        {
            ResourceType = "Executable",
            CreationTimeStamp = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime,
            State = KnownResourceStates.Starting,
            IsHidden = true,
        }).ConfigureAwait(false);
        var executable = await dashboard.StartServiceAsync(instance, toolset.DashboardPath, _run!.Path, cancellationToken)
            .ConfigureAwait(false);
        await dcp.StartAsync(executable, cancellationToken).ConfigureAwait(false);
        _work.Add(dashboard.AnnounceAsync(_stopping.Token));
    }

    private async Task StartAsync(InstanceRunner runner)
    {
        try
        {
            await runner.StartAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (DistributedApplicationException e)
        {
            logger.LogError("{Message}", e.Message);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task ReportAsync(DcpClient dcp, Dictionary<string, InstanceState> states)
    {
        try
        {
            await foreach (var status in dcp.WatchAsync(_stopping.Token).ConfigureAwait(false))
            {
                if (states.TryGetValue(status.Name, out var state))
                    state.Reported(status);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task StopResourcesAsync()
    {
        using var limit = new CancellationTokenSource(StopTimeout);
        var byResource = _runners.Values.ToLookup(r => r.Instance.Resource);
        try
        {
            foreach (var group in ShutdownOrder.Of([.. byResource.Select(g => g.Key)]))
                await Task.WhenAll(group.SelectMany(r => byResource[r]).Select(r => r.StopAsync(limit.Token))).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException)
        {
            logger.LogWarning("Not everything stopped within {Seconds} s; the rest is ended now.", StopTimeout.TotalSeconds);
        }
    }

    private sealed class ConsoleProgress : IProgress<string>
    {
        public void Report(string value) => Console.WriteLine(value);
    }
}

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Logging;
using Orders.Native.Hosting.Dcp;

namespace Orders.Native.Hosting;

/// <summary>
/// Starts and stops one instance. Only one of start, stop and restart is at work at a time; a stop gives up a start that still waits
/// for other resources. What DCP reports of a process is matched by its uid, because a restarted process keeps its name.
/// </summary>
internal sealed class InstanceRunner(
    Instance instance,
    DcpClient dcp,
    ProcessConfiguration configuration,
    Dependencies dependencies,
    InstanceState state,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    ILogger logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private CancellationTokenSource _waiting = new();

    public Instance Instance { get; } = instance;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await StartCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _waiting.CancelAsync().ConfigureAwait(false);
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await StopCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _waiting.CancelAsync().ConfigureAwait(false);
        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await StopCoreAsync(cancellationToken).ConfigureAwait(false);
            await StartCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task StartCoreAsync(CancellationToken cancellationToken)
    {
        if (await dcp.FindAsync(Instance.Id, cancellationToken).ConfigureAwait(false) is { } old)
        {
            if (!old.IsOver)
                return;
            await state.ForgetAsync(old, cancellationToken).ConfigureAwait(false);
            await dcp.RemoveAsync(Instance.Id, cancellationToken).ConfigureAwait(false);
        }

        _waiting.Dispose();
        _waiting = new CancellationTokenSource();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _waiting.Token);
        try
        {
            if (Dependencies.Has(Instance.Resource))
            {
                state.Begin(KnownResourceStates.Waiting);
                await dependencies.WaitAsync(Instance.Resource, Instance.Id, state.WaitingFor, limit.Token).ConfigureAwait(false);
            }

            state.Begin(KnownResourceStates.Starting);
            await eventing.PublishAsync(new BeforeResourceStartedEvent(Instance.Resource, services), limit.Token).ConfigureAwait(false);
            var executable = await configuration.CreateAsync(Instance, limit.Token).ConfigureAwait(false);
            state.Launching(executable);
            await dcp.StartAsync(executable, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_waiting.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            state.End(KnownResourceStates.Exited);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError("Failed to start: {Message}", e is DistributedApplicationException ? e.Message : e.ToString());
            state.End(KnownResourceStates.FailedToStart);
            throw new DistributedApplicationException($"'{Instance.Resource.Name}' failed to start: {e.Message}", e);
        }
    }

    private async Task StopCoreAsync(CancellationToken cancellationToken)
    {
        var status = await dcp.FindAsync(Instance.Id, cancellationToken).ConfigureAwait(false);
        if (status is null or { IsOver: true })
            return;
        state.Stopping();
        await dcp.StopAsync(Instance.Id, cancellationToken).ConfigureAwait(false);
        while (await dcp.FindAsync(Instance.Id, cancellationToken).ConfigureAwait(false) is { IsOver: false })
            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        // A command has done its work when everyone can see it.
        await state.WaitUntilOverAsync(cancellationToken).ConfigureAwait(false);
    }
}

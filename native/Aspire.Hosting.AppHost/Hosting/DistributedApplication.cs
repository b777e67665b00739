using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.Native.Hosting;

namespace Aspire.Hosting;

/// <summary>The composed application: starts, stops, and is what tests hold.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly bool _startedByOthers;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DistributedApplication(IHost host)
        : this(host, startedByOthers: false)
    {
    }

    internal DistributedApplication(IHost host, bool startedByOthers)
    {
        _host = host;
        _startedByOthers = startedByOthers;
    }

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new DistributedApplicationBuilder(args);

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        new DistributedApplicationBuilder(options);

    public virtual Task StartAsync(CancellationToken cancellationToken = default) => _host.StartAsync(cancellationToken);

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    /// <summary>Starts everything and returns when the host was asked to stop and everything has stopped.</summary>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_startedByOthers)
        {
            // A test runs this entry point for what it composes; the test itself starts, stops and disposes the application.
            await _disposed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await _host.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (
            Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Ctrl+C while starting: what had been started is stopped again by now.
            return;
        }
        catch (Exception e) when (NativeErrors.IsExpected(e))
        {
            // What the user can mend is one line, not a stack trace.
            await Console.Error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            Environment.ExitCode = 1;
        }
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        try
        {
            if (_host is IAsyncDisposable host)
                await host.DisposeAsync().ConfigureAwait(false);
            else
                _host.Dispose();
        }
        finally
        {
            _disposed.TrySetResult();
        }

        GC.SuppressFinalize(this);
    }
}

using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.Native.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>
/// An AppHost's entry point on a thread of its own. It stops at <c>Build()</c> until the test wants the application, and at
/// <c>Run()</c> until the test has disposed it.
/// </summary>
internal sealed class EntryPointRun(
    Assembly assembly, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure) : BuilderHooks
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = $"{assembly.GetName().Name} entry point" };
        thread.Start();
        return await _builder.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        _wanted.TrySetResult();
        return await _application.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends an entry point that still waits at <c>Build()</c>.</summary>
    public void Abandon() => _wanted.TrySetCanceled();

    public override void Creating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.AssemblyName ??= assembly.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        settings.Args ??= args;
        settings.Configuration ??= new ConfigurationManager();

        var profile = AppHostMetadata.Of(assembly).ProjectDirectory is { } directory
            ? LaunchSettings.Load(directory)?.Find(null, null) : null;
        var variables = profile?.EnvironmentVariables ?? [];
        settings.EnvironmentName ??= variables.GetValueOrDefault("DOTNET_ENVIRONMENT")
            ?? variables.GetValueOrDefault("ASPNETCORE_ENVIRONMENT");
        // The profile's addresses belong to the application that a developer may have running meanwhile.
        settings.Configuration.AddInMemoryCollection(variables
            .Where(v => !v.Key.EndsWith("_URL", StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))
            .Append(KeyValuePair.Create("DcpPublisher:RandomizePorts", (string?)"true")));
        configure(options, settings);
    }

    // Signals are for the test host; an application in it must not catch them.
    public override void Created(DistributedApplicationBuilder builder) => builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

    public override void Building(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _wanted.Task.GetAwaiter().GetResult();
    }

    public override void Built(DistributedApplication application) => _application.TrySetResult(application);

    private void Run()
    {
        Current = this;
        try
        {
            var main = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point.");
            var result = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
            if (result is Task task)
                task.GetAwaiter().GetResult();
            Fail(new InvalidOperationException($"The entry point of {assembly.GetName().Name} ended without building an application."));
        }
        catch (TargetInvocationException e)
        {
            Fail(e.InnerException ?? e);
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    /// <summary>Whoever still waits learns why; for those who have got what they waited for nothing changes.</summary>
    private void Fail(Exception e)
    {
        _builder.TrySetException(e);
        _application.TrySetException(e);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

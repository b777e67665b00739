using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Native.Hosting;

namespace Aspire.Hosting;

public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly ResourceCollection _resources = [];
    private readonly BuilderHooks? _hooks = BuilderHooks.Current;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args })
    {
    }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _hooks?.Creating(options, settings);
        Options = options;

        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        Metadata = AppHostMetadata.Of(AppHostAssembly);
        settings.ContentRootPath ??= Metadata.ProjectDirectory;
        settings.ApplicationName ??= AppHostAssembly?.GetName().Name;

        _host = new HostApplicationBuilder(settings);
        Configuration["AppHost:Directory"] = AppHostDirectory;
        ConfigureLogging(_host.Logging);
        AddServices();
        _hooks?.Created(this);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory => Metadata.ProjectDirectory ?? _host.Environment.ContentRootPath;

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new(DistributedApplicationOperation.Run);

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    public IResourceCollection Resources => _resources;

    internal DistributedApplicationOptions Options { get; }

    internal AppHostMetadata Metadata { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (_resources.Any(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType().Name}' with name '{resource.Name}': the name is taken.");
        }

        _resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _hooks?.Building(this);
        var application = new DistributedApplication(_host.Build(), startedByOthers: _hooks is not null);
        _hooks?.Built(application);
        return application;
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        // It logs what it throws; who catches it says it better.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // Unhealthy is an expected answer while things start; it is shown where the resources are shown.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }

    private void AddServices()
    {
        // Stopping everything takes up to ten seconds before the orchestrator ends what is left.
        Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(30));
        Services.Configure<ResourceNotificationServiceOptions>(o =>
            o.DefaultWaitBehavior = Options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable
                : WaitBehavior.WaitOnResourceUnavailable);
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddHttpClient();
        Services.AddHealthChecks();
        Services.AddSingleton(Options);
        Services.AddSingleton(Metadata);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(_resources));
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton(s => new ResourceCommandService(
            s.GetRequiredService<ResourceNotificationService>(), s.GetRequiredService<ResourceLoggerService>(), s));
        NativeServices.Add(Services);
    }
}

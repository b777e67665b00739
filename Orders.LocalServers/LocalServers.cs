using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.LocalServers.Downloads;

namespace Orders.LocalServers;

/// <summary>The one call of the AppHost.</summary>
public static class LocalServersExtensions
{
    private static readonly IPAddress[] AnyAddress = [IPAddress.Any, IPAddress.IPv6Any];

    /// <summary>
    /// Where no container engine answers, the model's servers run as processes of this machine, and services start from what is built.
    /// <c>--servers=containers|processes</c> overrides; one line on the console says which and why. Publishing is left alone.
    /// </summary>
    /// <param name="builder">The AppHost's builder, before or after the resources are added.</param>
    public static IDistributedApplicationBuilder UseLocalServers(this IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode) return builder;
        var root = Directory.CreateDirectory(Path.GetFullPath("../artifacts/local", builder.AppHostDirectory)).FullName;
        // The AppHost ends when its servers have ended: the next start finds their data closed and their ports free.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        builder.Services.AddSingleton<IDeveloperCertificateService>(_ => new LocalCertificate(Path.Combine(root, "dcp.pfx")));
        var asked = new ConcurrentDictionary<string, EndpointAnnotation>();
        PatientHealthCheck.Wrap(builder.Services, asked);
        var oldBroker = new OldBroker();
        builder.Services.ConfigureAll<ClientConfig>(oldBroker.Configure);
        return builder.OnBeforeStart((e, cancel) => StartAsync(builder, e, new Parts(root, asked, oldBroker), cancel));
    }

    private static async Task StartAsync(
        IDistributedApplicationBuilder builder, BeforeStartEvent e, Parts parts, CancellationToken cancel)
    {
        try
        {
            RefuseTakenPorts(builder.Configuration);
            var choice = await ServerChoice.MakeAsync(builder.Configuration["servers"], cancel);
            Console.WriteLine(choice.Line);
            BuiltProjects.Use(e.Model, builder.AppHostAssembly!, Machine.DotnetPath);
            if (choice.Processes) await ReplaceAsync(e, parts, cancel);
        }
        catch (Exception error) when (error is MissingToolsException or DistributedApplicationException or InvalidOperationException
            && builder.AppHostAssembly == System.Reflection.Assembly.GetEntryAssembly())
        {
            // A stack trace would bury the one line that helps.
            await Console.Error.WriteLineAsync($"Orders cannot start: {error.Message}");
            Environment.Exit(1);
        }
    }

    private static async Task ReplaceAsync(BeforeStartEvent e, Parts parts, CancellationToken cancel)
    {
        var servers = e.Model.Resources.OfType<ContainerResource>().ToArray();
        var folders = new LocalFolders(parts.Root);
        e.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(folders.Dispose);
        folders.LockVolumes(servers);
        await folders.RemoveLeftoversAsync(cancel);
        var tools = await Toolset.EnsureAsync(folders.Tools, new Progress(), cancel);
        foreach (var server in servers)
        {
            var children = e.Model.Resources.OfType<IResourceWithParent>().Where(child => child.Parent == server).ToArray();
            IServerProcess process = server switch
            {
                PostgresServerResource postgres => new PostgresProcess(postgres, folders, tools),
                RedisResource redis => new GarnetProcess(redis, folders, tools),
                KafkaServerResource kafka => KafkaProcess.Add(e.Model, kafka, folders, tools, parts.OldBroker),
                MeilisearchResource search => new MeilisearchProcess(search, folders, tools),
                _ => throw new DistributedApplicationException(
                    $"'{server.Name}' runs in a container only, and no container engine answers."),
            };
            var endpoint = server.Annotations.OfType<EndpointAnnotation>().First();
            foreach (var check in server.Annotations.OfType<HealthCheckAnnotation>()) parts.Asked[check.Key] = endpoint;
            ProcessResource.Replace(e.Model, server, process, folders.Root).PassEventsOn(e.Services, children);
        }
    }

    /// <summary>
    /// A second AppHost with the same launch profile would fail later and less clearly: the dashboard with a stack trace, a service in
    /// silence while the first AppHost's gets its requests.
    /// </summary>
    private static void RefuseTakenPorts(IConfiguration settings)
    {
        string[] names = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"];
        var wanted = names.SelectMany(name => (settings[name] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
            .Select(url => new Uri(url).Port).Where(port => port > 0).ToHashSet();
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .Where(listener => IPAddress.IsLoopback(listener.Address) || AnyAddress.Contains(listener.Address))
            .Select(listener => listener.Port).Where(wanted.Contains).Distinct().Order().ToArray();
        if (taken.Length > 0) throw new DistributedApplicationException(
            $"port {string.Join(", ", taken)} is in use, probably by another AppHost. Stop that one first.");
    }

    /// <param name="Root">The folder of everything that is fetched or stored.</param>
    /// <param name="Asked">By the name of a health check, the endpoint of the server that it asks.</param>
    /// <param name="OldBroker">What clients of the broker are told.</param>
    private sealed record Parts(string Root, ConcurrentDictionary<string, EndpointAnnotation> Asked, OldBroker OldBroker);

    /// <summary>Written at once and in order: <see cref="System.Progress{T}"/> posts to the thread pool.</summary>
    private sealed class Progress : IProgress<string>
    {
        public void Report(string value) => Console.WriteLine(value);
    }
}

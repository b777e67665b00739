using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;

namespace Orders.LocalServers;

/// <summary>
/// A server of the model as a process of this machine. Invariant: it has the container's name and shares its annotations (endpoints,
/// health checks, waits, arguments, commands, volumes), so that everything that was said of the container holds for the process.
/// </summary>
internal sealed class ProcessResource(ContainerResource server, string folder)
    : ExecutableResource(server.Name, "not-prepared", folder), IResourceWithConnectionString
{
    public override ResourceAnnotationCollection Annotations => server.Annotations;

    public ReferenceExpression ConnectionStringExpression => Described.ConnectionStringExpression;

    private IResourceWithConnectionString Described => (IResourceWithConnectionString)server;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Described.GetConnectionProperties();

    /// <summary>Puts the process where the container stood in the model.</summary>
    public static ProcessResource Replace(
        DistributedApplicationModel model, ContainerResource server, IServerProcess process, string folder)
    {
        foreach (var annotation in server.Annotations.Where(IsOfContainersOnly).ToArray()) server.Annotations.Remove(annotation);
        // Redis would get a TLS endpoint where the machine has a developer certificate.
        server.Annotations.Add(new HttpsCertificateAnnotation { UseDeveloperCertificate = false });
        foreach (var endpoint in server.Annotations.OfType<EndpointAnnotation>()) ListenDirectly(endpoint);
        var resource = new ProcessResource(server, folder);
        Prepare(server, process, resource.Annotations.OfType<ExecutableAnnotation>().Last());
        server.Annotations.Add(new EnvironmentCallbackAnnotation(context => process.Configure(context.EnvironmentVariables)));

        // Names are unique in the model, so the container leaves before the process comes.
        var place = model.Resources.IndexOf(server);
        model.Resources.RemoveAt(place);
        model.Resources.Insert(place, resource);
        return resource;
    }

    /// <summary>
    /// Hands the process's events on to the server and its children: handlers subscribed to the server's object, and official code
    /// follows containers only (it creates the databases and sets their states).
    /// </summary>
    public void PassEventsOn(IServiceProvider services, IReadOnlyCollection<IResource> children)
    {
        var eventing = services.GetRequiredService<IDistributedApplicationEventing>();
        var states = services.GetRequiredService<ResourceNotificationService>();
        eventing.Subscribe<ConnectionStringAvailableEvent>(this, async (e, cancel) =>
        {
            try
            {
                await eventing.PublishAsync(new ConnectionStringAvailableEvent(server, e.Services), cancel);
            }
            catch (InvalidOperationException)
            {
                // Thrown by the dashboard's handler, the last one: it knows the process by this name and not the server.
            }

            foreach (var child in children) await eventing.PublishAsync(new ConnectionStringAvailableEvent(child, e.Services), cancel);
        });
        eventing.Subscribe<BeforeResourceStartedEvent>(this, (_, _) => ShowAsync(KnownResourceStates.Starting));
        eventing.Subscribe<ResourceReadyEvent>(this, async (e, cancel) =>
        {
            await eventing.PublishAsync(new ResourceReadyEvent(server, e.Services), cancel);
            await ShowAsync(KnownResourceStates.Running);
        });
        eventing.Subscribe<ResourceStoppedEvent>(this, async (e, cancel) =>
        {
            await ShowAsync(e.ResourceEvent.Snapshot.State);
            foreach (var resource in children.Prepend(server))
                await eventing.PublishAsync(new ResourceStoppedEvent(resource, e.Services, e.ResourceEvent), cancel);
        });

        async Task ShowAsync(ResourceStateSnapshot? state)
        {
            foreach (var child in children) await states.PublishUpdateAsync(child, shown => shown with { State = state });
        }
    }

    /// <summary>Invariant: this is the last callback for arguments. Aspire runs it at every start, also at a restart.</summary>
    private static void Prepare(ContainerResource server, IServerProcess process, ExecutableAnnotation executable) =>
        server.Annotations.Add(new CommandLineArgsCallbackAnnotation(async context =>
        {
            object[] given = [.. context.Args];
            context.Args.Clear();
            var start = await process.PrepareAsync(given, context.Logger, context.CancellationToken);
            executable.Command = start.Command;
            foreach (var argument in start.Arguments) context.Args.Add(argument);
        }));

    /// <summary>A proxy would accept connections while the server is down, and costs latency.</summary>
    private static void ListenDirectly(EndpointAnnotation endpoint)
    {
        // The image's own port is for inside a container. Set before IsProxied: without a proxy the port is the target port.
        endpoint.TargetPort = endpoint.Port ?? FreePort.Next();
        endpoint.IsProxied = false;
        endpoint.TargetHost = "127.0.0.1";
    }

    private static bool IsOfContainersOnly(IResourceAnnotation annotation) => annotation is ContainerImageAnnotation
        or HttpsCertificateConfigurationCallbackAnnotation or CertificateTrustConfigurationCallbackAnnotation;
}

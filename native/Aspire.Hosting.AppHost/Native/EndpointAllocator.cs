using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Orders.Native.Hosting.Dcp;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>
/// Gives every endpoint its address before any process starts, so that they can be told of each other in any order. Projects and
/// executables sit behind a DCP service, which keeps the port while they restart and balances over replicas; servers listen themselves.
/// </summary>
internal sealed class EndpointAllocator(IDistributedApplicationEventing eventing, IServiceProvider services, bool randomizePorts)
{
    public static bool IsBehindService(IResource resource, EndpointAnnotation endpoint) =>
        endpoint.IsProxied && resource is ProjectResource or ExecutableResource;

    public static string ServiceName(IResource resource, EndpointAnnotation endpoint) => $"{resource.Name}-{endpoint.Name}";

    /// <summary>The port that the process itself must listen on: a number, or DCP's template for it.</summary>
    public static string ListenPort(IResource resource, EndpointAnnotation endpoint) => IsBehindService(resource, endpoint)
        ? endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture)
            ?? $$$"""{{- portForServing "{{{ServiceName(resource, endpoint)}}}" -}}"""
        : endpoint.AllocatedEndpoint!.Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Throws one error that names the port, should a fixed port be taken.</summary>
    public void CheckFixedPorts(IEnumerable<IResource> resources, DashboardSettings dashboard)
    {
        var wanted = resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()
            .Select(e => (Port: FixedPort(e), Owner: $"endpoint '{e.Name}' of '{r.Name}'")));
        if (dashboard.IsEnabled)
        {
            wanted = wanted
                .Append((new Uri(dashboard.FrontendUrl).Port, "the dashboard"))
                .Append((new Uri(dashboard.OtlpGrpcUrl).Port, "the dashboard's telemetry endpoint"))
                .Append((new Uri(dashboard.ResourceServiceUrl).Port, "the dashboard's resource service"));
        }

        var taken = wanted.Where(w => w.Port is { } port && !IsFree(port)).Select(w => $"port {w.Port} ({w.Owner})").ToArray();
        if (taken.Length > 0)
        {
            throw new DistributedApplicationException(
                $"In use by another program: {string.Join(", ", taken)}. Is the application running already? "
                + "Stop that program, or change the port.");
        }
    }

    public async Task AllocateAsync(IEnumerable<IResource> resources, DcpClient dcp, CancellationToken cancellationToken)
    {
        foreach (var resource in resources)
        {
            var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToArray();
            foreach (var endpoint in endpoints)
            {
                var port = IsBehindService(resource, endpoint)
                    ? await dcp.AddServiceAsync(ServiceName(resource, endpoint), FixedPort(endpoint), cancellationToken)
                        .ConfigureAwait(false)
                    : FixedPort(endpoint) ?? endpoint.TargetPort ?? FreePort.Next();
                endpoint.Allocate(new AllocatedEndpoint(endpoint, endpoint.TargetHost, port));
            }

            if (endpoints.Length > 0)
                await eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), cancellationToken)
                    .ConfigureAwait(false);
        }

        foreach (var resource in resources.OfType<IResourceWithConnectionString>())
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken).ConfigureAwait(false);
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private int? FixedPort(EndpointAnnotation endpoint) => randomizePorts || endpoint.Port is null or 0 ? null : endpoint.Port;
}

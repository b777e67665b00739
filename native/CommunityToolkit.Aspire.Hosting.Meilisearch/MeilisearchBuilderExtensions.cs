using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Orders.Native.Hosting;
using Orders.Native.Servers;

namespace Aspire.Hosting;

/// <summary>Meilisearch servers.</summary>
public static class MeilisearchBuilderExtensions
{
    public static IResourceBuilder<MeilisearchResource> AddMeilisearch(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? masterKey = null, int? port = null)
    {
        MeilisearchResource? resource = null;
        var secret = masterKey?.Resource ?? NativeServerExtensions.ServerPassword(builder, $"{name}-masterKey", () => resource!);
        resource = new MeilisearchResource(name, secret);
        var server = resource;
        return builder.AddNativeServer(
                server,
                new NativeServerAnnotation((context, ct) => PrepareAsync(server, context, ct)),
                new EndpointAnnotation(ProtocolType.Tcp, "http", name: MeilisearchResource.PrimaryEndpointName, port: port))
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Keeps the indexes across starts.</summary>
    public static IResourceBuilder<MeilisearchResource> WithDataVolume(
        this IResourceBuilder<MeilisearchResource> builder, string? name = null) =>
        builder.WithDataFolder(name, "/meili_data", isReadOnly: false);

    private static async Task<ServerProcess> PrepareAsync(
        MeilisearchResource server, NativeServerContext context, CancellationToken cancellationToken)
    {
        var key = await server.MasterKeyParameter.GetValueAsync(cancellationToken).ConfigureAwait(false);
        return await MeilisearchServer.PrepareAsync(
            context.Toolset, context.DataDirectory, server.PrimaryEndpoint.Port, key!, cancellationToken).ConfigureAwait(false);
    }
}

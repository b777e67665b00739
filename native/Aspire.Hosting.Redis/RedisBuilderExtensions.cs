using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Orders.Native.Hosting;
using Orders.Native.Servers;

namespace Aspire.Hosting;

/// <summary>Redis servers.</summary>
public static class RedisBuilderExtensions
{
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null)
    {
        RedisResource? resource = null;
        var secret = password?.Resource ?? NativeServerExtensions.ServerPassword(builder, $"{name}-password", () => resource!);
        resource = new RedisResource(name, secret);
        var server = resource;
        return builder.AddNativeServer(
                server,
                new NativeServerAnnotation((context, ct) => PrepareAsync(server, context, ct)),
                new EndpointAnnotation(ProtocolType.Tcp, name: RedisResource.PrimaryEndpointName, port: port))
            .WithProbe(async ct => await Probes.RedisAsync(
                server.PrimaryEndpoint.Port, (await server.PasswordParameter!.GetValueAsync(ct).ConfigureAwait(false))!, ct).ConfigureAwait(false));
    }

    /// <summary>Keeps the data across starts.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataFolder(name, "/data", isReadOnly);

    private static async Task<ServerProcess> PrepareAsync(RedisResource server, NativeServerContext context, CancellationToken cancellationToken)
    {
        var password = await server.PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var data = DataFolders.VolumeOf(server) is null ? null : context.DataDirectory;
        return await GarnetServer.PrepareAsync(
            context.Toolset, data, server.PrimaryEndpoint.Port, password!, cancellationToken).ConfigureAwait(false);
    }
}

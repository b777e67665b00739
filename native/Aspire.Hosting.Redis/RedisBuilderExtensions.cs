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
        var settings = new SettingsFile();
        return builder.AddNativeServer(
                server,
                new NativeServerAnnotation((context, ct) => PrepareAsync(server, settings, context, ct)),
                new EndpointAnnotation(ProtocolType.Tcp, name: RedisResource.PrimaryEndpointName, port: port))
            .WithProbe(async ct => await Probes.RedisAsync(
                server.PrimaryEndpoint.Port, (await server.PasswordParameter!.GetValueAsync(ct).ConfigureAwait(false))!, ct)
                    .ConfigureAwait(false))
            .OnResourceReady((_, _, _) => settings.DeleteAsync());
    }

    /// <summary>Keeps the data across starts.</summary>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataFolder(name, "/data", isReadOnly);

    private static async Task<ServerProcess> PrepareAsync(
        RedisResource server, SettingsFile settings, NativeServerContext context, CancellationToken cancellationToken)
    {
        var password = await server.PasswordParameter!.GetValueAsync(cancellationToken).ConfigureAwait(false);
        var data = DataFolders.VolumeOf(server) is null ? null : context.DataDirectory;
        var process = await GarnetServer.PrepareAsync(
            context.Toolset, data, server.PrimaryEndpoint.Port, password!, cancellationToken).ConfigureAwait(false);
        settings.Path = data is null ? process.Arguments[^1] : null;
        return process;
    }

    /// <summary>
    /// Without a data folder Garnet's settings, the password among them, lie in a file of this start alone. Garnet reads it once, so it
    /// goes as soon as Garnet answers.
    /// </summary>
    private sealed class SettingsFile
    {
        public string? Path { get; set; }

        public Task DeleteAsync()
        {
            if (Path is { } path)
                File.Delete(path);
            Path = null;
            return Task.CompletedTask;
        }
    }
}

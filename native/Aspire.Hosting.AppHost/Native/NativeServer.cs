using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>What a server stand-in is told when its process is about to start.</summary>
/// <param name="Toolset">The unpacked programs.</param>
/// <param name="DataDirectory">The folder of its data volume, or a temporary one.</param>
/// <param name="Args">Arguments given by <c>WithArgs</c>.</param>
internal sealed record NativeServerContext(NativeToolset Toolset, string DataDirectory, IReadOnlyList<string> Args);

/// <summary>Makes a resource a process of the native stack.</summary>
internal sealed class NativeServerAnnotation(Func<NativeServerContext, CancellationToken, Task<ServerProcess>> prepare)
    : IResourceAnnotation
{
    /// <summary>Lays out the data folder and says what to run. Called at each start, while the process does not run.</summary>
    public Func<NativeServerContext, CancellationToken, Task<ServerProcess>> Prepare { get; } = prepare;

    /// <summary>The resource whose data folder this one shares; null: its own.</summary>
    public IResource? DataOwner { get; init; }
}

internal static class NativeServerExtensions
{
    /// <summary>Adds the resource, its endpoint on a port chosen at start, its process and its start, stop and restart commands.</summary>
    public static IResourceBuilder<T> AddNativeServer<T>(
        this IDistributedApplicationBuilder builder, T resource, NativeServerAnnotation server, EndpointAnnotation endpoint)
        where T : ContainerResource
    {
        // The server listens on the port itself: a proxy in between would cost latency and buys nothing for one instance.
        endpoint.IsProxied = false;
        endpoint.TargetHost = "127.0.0.1";
        DefaultCommands.Add(resource);
        return builder.AddResource(resource).WithAnnotation(endpoint).WithAnnotation(server);
    }

    /// <summary>Healthy when the probe returns null; otherwise it returns the reason.</summary>
    public static IResourceBuilder<T> WithProbe<T>(this IResourceBuilder<T> builder, Func<CancellationToken, Task<string?>> probe)
        where T : IResource
    {
        var key = $"{builder.Resource.Name}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, _ => new ProbeHealthCheck(probe), null, null));
        return builder.WithHealthCheck(key);
    }

    /// <summary>Keeps the server's data in <c>artifacts/native/data/{name}</c> across starts.</summary>
    public static IResourceBuilder<T> WithDataFolder<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly)
        where T : IResource
    {
        if (isReadOnly)
            throw new DistributedApplicationException($"'{builder.Resource.Name}': the native stack has no read-only data volumes.");
        var volume = name ?? $"{builder.ApplicationBuilder.Environment.ApplicationName.ToLowerInvariant()}-{builder.Resource.Name}-data";
        return builder.WithAnnotation(
            new ContainerMountAnnotation(volume, target, ContainerMountType.Volume, isReadOnly),
                ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>The password of a server: from configuration, else kept with the data it protects, else made for this start.</summary>
    public static ParameterResource ServerPassword(IDistributedApplicationBuilder builder, string name, Func<IResource> owner)
    {
        var key = $"Parameters:{name}";
        return new ParameterResource(name, _ => builder.Configuration[key] ?? Generate(), secret: true);

        string Generate() => DataFolders.VolumeOf(owner()) is { } volume
            ? CloneSecrets.GetOrCreate(AppHostMetadata.Of(builder.AppHostAssembly), $"{volume}:{name}")
            : new GenerateParameterDefault { Special = false }.GetDefaultValue();
    }

    private sealed class ProbeHealthCheck(Func<CancellationToken, Task<string?>> probe) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await probe(cancellationToken).ConfigureAwait(false) is { } reason ? HealthCheckResult.Unhealthy(reason)
                : HealthCheckResult.Healthy();
    }
}

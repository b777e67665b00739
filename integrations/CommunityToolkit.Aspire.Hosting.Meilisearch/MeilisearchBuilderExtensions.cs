using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds Meilisearch servers to an application.</summary>
public static class MeilisearchBuilderExtensions
{
    private const string Image = "getmeili/meilisearch";
    private const string Tag = "v1.21";
    private const int TargetPort = 7700;

    /// <summary>Adds a server, which is healthy when it says so at <c>/health</c>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, which is also the name of its connection string.</param>
    /// <param name="masterKey">The key that allows everything; null: a generated one, kept as the parameter <c>name-masterKey</c>.</param>
    /// <param name="port">The port on this machine; null for a free one.</param>
    public static IResourceBuilder<MeilisearchResource> AddMeilisearch(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        IResourceBuilder<ParameterResource>? masterKey = null,
        int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var key = masterKey?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-masterKey");
        return builder.AddResource(new MeilisearchResource(name, key))
            .WithImage(Image, Tag)
            .WithImageRegistry("docker.io")
            .WithHttpEndpoint(targetPort: TargetPort, port: port, name: MeilisearchResource.PrimaryEndpointName)
            .WithEnvironment("MEILI_MASTER_KEY", key)
            .WithHttpHealthCheck("/health");
    }

    /// <summary>Keeps the indexes across starts.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The volume's name; null for one made of the application's and the resource's.</param>
    public static IResourceBuilder<MeilisearchResource> WithDataVolume(
        this IResourceBuilder<MeilisearchResource> builder, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), "/meili_data");
    }
}

using Aspire.Hosting.ApplicationModel;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting;

/// <summary>Adds Kafka brokers to an application.</summary>
public static class KafkaBuilderExtensions
{
    private const string Image = "confluentinc/confluent-local";
    private const string Tag = "8.1.1";
    private const string DataFolder = "/var/lib/kafka/data";

    /// <summary>
    /// Adds a broker, which is healthy when it tells who is in its cluster. The health check takes the librdkafka settings of the
    /// named options <see cref="ClientConfig"/> over, so that a broker that needs some can be asked.
    /// </summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, which is also the name of its connection string and of its options.</param>
    /// <param name="port">The port on this machine; null for a free one.</param>
    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var kafka = new KafkaServerResource(name);
        return builder.AddResource(kafka)
            .WithEndpoint(targetPort: KafkaListeners.HostPort, port: port, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: KafkaListeners.InternalPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage(Image, Tag)
            .WithImageRegistry("docker.io")
            .WithEnvironment(context => KafkaListeners.Configure(context, kafka))
            .WithHealthCheck(AddHealthCheck(builder, kafka));
    }

    /// <summary>Keeps the topics across starts.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="name">The volume's name; null for one made of the application's and the resource's.</param>
    /// <param name="isReadOnly">Whether the broker may only read it.</param>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // The image writes elsewhere unless told.
        return builder
            .WithEnvironment("KAFKA_LOG_DIRS", DataFolder)
            .WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolder, isReadOnly);
    }

    private static string AddHealthCheck(IDistributedApplicationBuilder builder, KafkaServerResource kafka)
    {
        string? servers = null;
        builder.Eventing.Subscribe<ConnectionStringAvailableEvent>(kafka, async (_, cancellationToken) =>
            servers = await kafka.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false));
        var check = $"{kafka.Name}_check";
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check,
            services => new KafkaHealthCheck(
                servers,
                services.GetRequiredService<IOptionsMonitor<ClientConfig>>().Get(kafka.Name),
                services.GetRequiredService<ILogger<KafkaHealthCheck>>()),
            failureStatus: null,
            tags: null));
        return check;
    }
}

using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Orders.Native.Hosting;
using Orders.Native.Servers;

namespace Aspire.Hosting;

/// <summary>Kafka brokers.</summary>
public static class KafkaBuilderExtensions
{
    /// <summary>Starts one broker, and the ZooKeeper that it needs as its child.</summary>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var broker = new KafkaServerResource(name);
        var zooKeeper = new KafkaZooKeeperResource($"{name}-zookeeper", broker);

        var added = builder.AddNativeServer(
                broker,
                new NativeServerAnnotation(async (c, ct) => (await PrepareAsync(broker, zooKeeper, c, ct).ConfigureAwait(false)).Broker),
                new EndpointAnnotation(ProtocolType.Tcp, name: KafkaServerResource.PrimaryEndpointName, port: port))
            .WithProbe(ct => Probes.KafkaAsync(broker.PrimaryEndpoint.Port, ct));
        var registry = builder.AddNativeServer(
                zooKeeper,
                new NativeServerAnnotation(async (c, ct) => (await PrepareAsync(broker, zooKeeper, c, ct).ConfigureAwait(false)).ZooKeeper)
                {
                    DataOwner = broker,
                },
                new EndpointAnnotation(ProtocolType.Tcp, name: KafkaZooKeeperResource.PrimaryEndpointName))
            .WithProbe(ct => Probes.ZooKeeperAsync(zooKeeper.PrimaryEndpoint.Port, ct));
        return added.WaitFor(registry);
    }

    /// <summary>Keeps the topics across starts.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithDataFolder(name, "/var/lib/kafka/data", isReadOnly);

    private static Task<KafkaProcesses> PrepareAsync(
        KafkaServerResource broker, KafkaZooKeeperResource zooKeeper, NativeServerContext context, CancellationToken cancellationToken) =>
        KafkaServer.PrepareAsync(
            context.Toolset, context.DataDirectory, broker.PrimaryEndpoint.Port, zooKeeper.PrimaryEndpoint.Port,
                KafkaServer.DefaultPartitions, cancellationToken);
}

using Orders.Native.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Kafka broker. The connection string is the list of bootstrap servers.</summary>
public class KafkaServerResource : ContainerResource, IResourceWithConnectionString, IReferenceEnvironment
{
    internal const string PrimaryEndpointName = "tcp";

    public KafkaServerResource(string name)
        : base(name) => PrimaryEndpoint = new(this, PrimaryEndpointName);

    public EndpointReference PrimaryEndpoint { get; }

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
    ];

    /// <summary>
    /// The broker of this stack is Kafka 0.9: it cannot be asked for its protocol versions, knows no idempotent producers, and its LZ4
    /// framing is broken. These go when the stack has a broker of 0.11 or later.
    /// </summary>
    void IReferenceEnvironment.Apply(EnvironmentCallbackContext context, string connectionName)
    {
        foreach (var client in (string[])["Producer", "Consumer"])
        {
            Set(client, "ApiVersionRequest", "false");
            Set(client, "BrokerVersionFallback", "0.9.0.1");
        }

        Set("Producer", "EnableIdempotence", "false");
        Set("Producer", "CompressionType", "Snappy");

        void Set(string client, string option, string value) =>
            context.EnvironmentVariables.TryAdd($"Aspire__Confluent__Kafka__{client}__Config__{option}", value);
    }
}

/// <summary>The ZooKeeper that the broker of this stack keeps its registrations in.</summary>
internal sealed class KafkaZooKeeperResource : ContainerResource, IResourceWithParent<KafkaServerResource>
{
    internal const string PrimaryEndpointName = "tcp";

    public KafkaZooKeeperResource(string name, KafkaServerResource parent)
        : base(name)
    {
        Parent = parent;
        PrimaryEndpoint = new(this, PrimaryEndpointName);
    }

    public KafkaServerResource Parent { get; }

    public EndpointReference PrimaryEndpoint { get; }
}

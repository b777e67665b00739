using Confluent.Kafka;

namespace Orders.LocalServers;

/// <summary>
/// Kafka 0.9 cannot be asked about its abilities: clients are told its version, that it has no idempotent producers, and a compression
/// other than LZ4, whose framing it gets wrong. librdkafka needs both of the first two settings, one alone ends in time-outs.
/// </summary>
internal sealed class OldBroker
{
    private const string Version = "0.9.0.1";

    private bool _runs;

    /// <summary>From now on the health check knows, and every resource that references the server gets it as configuration.</summary>
    public void Tell(DistributedApplicationModel model, KafkaServerResource server)
    {
        _runs = true;
        foreach (var client in model.Resources.Where(resource => References(resource, server)))
            client.Annotations.Add(new EnvironmentCallbackAnnotation(Configure));
    }

    /// <summary>For clients of the AppHost itself.</summary>
    public void Configure(ClientConfig client)
    {
        if (!_runs) return;
        client.ApiVersionRequest = false;
        client.BrokerVersionFallback = Version;
    }

    private static bool References(IResource client, KafkaServerResource server) =>
        client.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Any(relation => relation.Resource == server && relation.Type == "Reference");

    private static void Configure(EnvironmentCallbackContext context)
    {
        foreach (var kind in (string[])["Producer", "Consumer"])
        {
            context.EnvironmentVariables[$"Aspire__Confluent__Kafka__{kind}__Config__ApiVersionRequest"] = "false";
            context.EnvironmentVariables[$"Aspire__Confluent__Kafka__{kind}__Config__BrokerVersionFallback"] = Version;
        }

        context.EnvironmentVariables["Aspire__Confluent__Kafka__Producer__Config__EnableIdempotence"] = "false";
        context.EnvironmentVariables["Aspire__Confluent__Kafka__Producer__Config__CompressionType"] = "Snappy";
    }
}

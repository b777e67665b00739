namespace Orders.LocalServers;

/// <summary>
/// Kafka 0.9 cannot be asked about its abilities: clients are told its version, that it has no idempotent producers, and a compression
/// other than LZ4, whose framing it gets wrong. librdkafka needs both of the first two settings, one alone ends in time-outs.
/// </summary>
internal static class OldBroker
{
    public static void Tell(DistributedApplicationModel model, KafkaServerResource server)
    {
        foreach (var client in model.Resources.Where(resource => References(resource, server)))
            client.Annotations.Add(new EnvironmentCallbackAnnotation(Configure));
    }

    private static bool References(IResource client, KafkaServerResource server) =>
        client.Annotations.OfType<ResourceRelationshipAnnotation>().Any(relation => relation.Resource == server && relation.Type == "Reference");

    private static void Configure(EnvironmentCallbackContext context)
    {
        foreach (var kind in (string[])["Producer", "Consumer"])
        {
            context.EnvironmentVariables[$"Aspire__Confluent__Kafka__{kind}__Config__ApiVersionRequest"] = "false";
            context.EnvironmentVariables[$"Aspire__Confluent__Kafka__{kind}__Config__BrokerVersionFallback"] = "0.9.0.1";
        }

        context.EnvironmentVariables["Aspire__Confluent__Kafka__Producer__Config__EnableIdempotence"] = "false";
        context.EnvironmentVariables["Aspire__Confluent__Kafka__Producer__Config__CompressionType"] = "Snappy";
    }
}

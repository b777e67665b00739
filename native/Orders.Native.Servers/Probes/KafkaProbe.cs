namespace Orders.Native.Servers.Probing;

internal static class KafkaProbe
{
    // Asking for it creates it, so that the first consumer group of a new cluster need not wait for that.
    private static readonly string[] Offsets = ["__consumer_offsets"];

    public static async Task<string?> AskAsync(int port, CancellationToken cancellationToken)
    {
        // First without a topic: creating one fails loudly in the broker's log until its controller works.
        var cluster = await KafkaMetadata.AskAsync(port, [], cancellationToken);
        if (cluster.BrokerPorts.Count == 0)
        {
            return "kafka: the broker has no controller yet";
        }

        if (!cluster.BrokerPorts.Contains(port))
        {
            return $"kafka: the broker still advertises port {cluster.BrokerPorts[0]}";
        }

        var offsets = await KafkaMetadata.AskAsync(port, Offsets, cancellationToken);
        return offsets.TopicsNotReady.Count == 0 ? null : "kafka: the topic of the consumer offsets has no leader yet";
    }
}

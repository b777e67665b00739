using Orders.Native.Servers.Probing;

namespace Orders.Native.Servers;

/// <summary>Topics of a broker that is too old for the CreateTopics request.</summary>
public static class KafkaTopics
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Makes sure that the topics exist and that every partition has a leader; new ones get the broker's default number of
    /// partitions. Spares clients the errors they log when a topic is created under their hands.
    /// </summary>
    /// <exception cref="IOException">The broker does not answer, or not within 30 s.</exception>
    public static async Task CreateAsync(int port, IReadOnlyCollection<string> topics, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while ((await KafkaMetadata.AskAsync(port, topics, cancellationToken)).TopicsNotReady is { Count: > 0 } missing)
        {
            if (TimeProvider.System.GetElapsedTime(start) > Deadline)
            {
                throw new IOException($"Kafka has not created {string.Join(", ", missing)} within {Deadline.TotalSeconds} s.");
            }

            await Task.Delay(RetryInterval, TimeProvider.System, cancellationToken);
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Orders.Contracts;

namespace Orders.Indexer.Streams;

/// <summary>Reads the lag of each owned partition out of librdkafka's statistics.</summary>
internal static class ConsumerStatistics
{
    public static void Read(string json, Action<int, long> report)
    {
        using var statistics = JsonDocument.Parse(json);
        if (!statistics.RootElement.TryGetProperty("topics", out var topics)
            || !topics.TryGetProperty(WireNames.Topics.OrderEvents, out var topic)
            || !topic.TryGetProperty("partitions", out var partitions)) return;
        foreach (var partition in partitions.EnumerateObject())
        {
            if (!int.TryParse(partition.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) continue;
            if (partition.Value.GetProperty("fetch_state").GetString() is "none" or "stopped") continue;
            // What is stored but not yet committed is durable; -1 means that librdkafka does not know yet.
            var lag = Math.Max(Number(partition.Value, "consumer_lag_stored"), Fallback(partition.Value));
            if (lag >= 0) report(id, lag);
        }
    }

    private static long Fallback(JsonElement partition) =>
        Number(partition, "consumer_lag_stored") >= 0 ? -1 : Number(partition, "consumer_lag");

    private static long Number(JsonElement partition, string name) =>
        partition.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : -1;
}

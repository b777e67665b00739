using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// librdkafka's statistics as metrics, under the official integration's names. They count from a client's birth, so the counters take
/// the difference to the statistics before. A client reports from one thread at a time; several clients may at once.
/// </summary>
internal sealed partial class KafkaMetrics
{
    public const string Meter = "Aspire.Confluent.Kafka";

    private readonly ConcurrentDictionary<string, Statistics> _last = new(StringComparer.Ordinal);
    private readonly (Counter<long> Counter, Func<Statistics, long> Value, string? Operation)[] _counters;
    private readonly ILogger<KafkaMetrics> _logger;

    public KafkaMetrics(IMeterFactory factory, ILogger<KafkaMetrics> logger)
    {
        _logger = logger;
        var meter = factory.Create(Meter);
        Gauge("messaging.kafka.consumer.queue.message_count", "Callbacks and events that wait to be polled", now => now.ReplyQueue);
        Gauge("messaging.kafka.producer.queue.message_count", "Messages in producer queues", now => now.QueuedMessages);
        Gauge("messaging.kafka.producer.queue.size", "Bytes of the messages in producer queues", now => now.QueuedBytes);
        _counters =
        [
            (Counter("messaging.kafka.network.tx", "Requests sent to brokers"), now => now.Requests, null),
            (Counter("messaging.kafka.network.transmitted", "Bytes sent to brokers"), now => now.RequestBytes, null),
            (Counter("messaging.kafka.network.rx", "Responses received from brokers"), now => now.Responses, null),
            (Counter("messaging.kafka.network.received", "Bytes received from brokers"), now => now.ResponseBytes, null),
            (Counter("messaging.kafka.message.transmitted", "Bytes of the messages produced, with framing"), now => now.SentBytes, null),
            (Counter("messaging.kafka.message.received", "Bytes of the messages consumed, with framing"), now => now.ConsumedBytes, null),
            (Counter("messaging.client.sent.messages", "Messages produced"), now => now.Sent, "send"),
            (Counter("messaging.client.consumed.messages", "Messages consumed"), now => now.Consumed, "poll"),
        ];

        Counter<long> Counter(string name, string description) => meter.CreateCounter<long>(name, description: description);

        void Gauge(string name, string description, Func<Statistics, long> value) => meter.CreateObservableGauge(
            name, () => _last.Values.Select(now => new Measurement<long>(value(now), Tags(now))), description: description);
    }

    public void Record(string json)
    {
        if (Parse(json) is not { Name: { } name } now)
        {
            LogUnreadable(json.Length);
            return;
        }

        _last.TryGetValue(name, out var before);
        _last[name] = now;
        foreach (var (counter, value, operation) in _counters)
        {
            var tags = Tags(now);
            tags.Add("type", now.Type);
            if (operation is not null)
            {
                tags.Add("messaging.system", "kafka");
                tags.Add("messaging.operation.name", operation);
            }

            counter.Add(value(now) - (before is null ? 0 : value(before)), tags);
        }
    }

    private static TagList Tags(Statistics now) => new() { { "messaging.client.id", now.ClientId }, { "name", now.Name } };

    private static Statistics? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, StatisticsJson.Default.Statistics);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "librdkafka's statistics ({Length} characters) are no JSON with a name")]
    private partial void LogUnreadable(int length);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading.Channels;

namespace Aspire.Confluent.Kafka;

/// <summary>Statistics on their way from the clients' threads to the metrics; more than fits is dropped.</summary>
internal sealed class MetricsChannel
{
    private readonly Channel<string> _channel = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    public ChannelReader<string> Reader => _channel.Reader;

    public ChannelWriter<string> Writer => _channel.Writer;
}

/// <summary>librdkafka counts from a client's birth; the counters take the difference to the statistics before.</summary>
internal sealed class Metrics
{
    private readonly ConcurrentQueue<Measurement<long>> _consumerQueue = new();
    private readonly ConcurrentQueue<Measurement<long>> _producerQueue = new();
    private readonly ConcurrentQueue<Measurement<long>> _producerQueueSize = new();
    private readonly Counter<long> _requests;
    private readonly Counter<long> _requestBytes;
    private readonly Counter<long> _responses;
    private readonly Counter<long> _responseBytes;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _sentBytes;
    private readonly Counter<long> _consumed;
    private readonly Counter<long> _consumedBytes;

    public Metrics(IMeterFactory factory)
    {
        var meter = factory.Create(Names.Meter);
        meter.CreateObservableGauge(
            Names.ConsumerQueueCount, () => Drain(_consumerQueue), description: "Callbacks and events that wait to be polled");
        meter.CreateObservableGauge(
            Names.ProducerQueueCount, () => Drain(_producerQueue), description: "Messages in producer queues");
        meter.CreateObservableGauge(
            Names.ProducerQueueSize, () => Drain(_producerQueueSize), description: "Bytes of the messages in producer queues");
        _requests = meter.CreateCounter<long>(Names.Requests, description: "Requests sent to brokers");
        _requestBytes = meter.CreateCounter<long>(Names.RequestBytes, description: "Bytes sent to brokers");
        _responses = meter.CreateCounter<long>(Names.Responses, description: "Responses received from brokers");
        _responseBytes = meter.CreateCounter<long>(Names.ResponseBytes, description: "Bytes received from brokers");
        _sent = meter.CreateCounter<long>(Names.MessagesSent, description: "Messages produced");
        _sentBytes = meter.CreateCounter<long>(Names.MessageBytesSent, description: "Bytes of the messages produced, with framing");
        _consumed = meter.CreateCounter<long>(Names.MessagesConsumed, description: "Messages consumed");
        _consumedBytes = meter.CreateCounter<long>(Names.MessageBytesConsumed, description: "Bytes of the messages consumed, with framing");
    }

    public void Record(Statistics now, Statistics? before)
    {
        var tags = new TagList { { Names.ClientIdTag, now.ClientId }, { Names.NameTag, now.Name } };
        _consumerQueue.Enqueue(new Measurement<long>(now.ReplyQueue, tags));
        _producerQueue.Enqueue(new Measurement<long>(now.QueuedMessages, tags));
        _producerQueueSize.Enqueue(new Measurement<long>(now.QueuedBytes, tags));

        tags.Add(Names.TypeTag, now.Type);
        _requests.Add(now.Requests - (before?.Requests ?? 0), tags);
        _requestBytes.Add(now.RequestBytes - (before?.RequestBytes ?? 0), tags);
        _responses.Add(now.Responses - (before?.Responses ?? 0), tags);
        _responseBytes.Add(now.ResponseBytes - (before?.ResponseBytes ?? 0), tags);
        _sentBytes.Add(now.SentBytes - (before?.SentBytes ?? 0), tags);
        _consumedBytes.Add(now.ConsumedBytes - (before?.ConsumedBytes ?? 0), tags);
        _sent.Add(now.Sent - (before?.Sent ?? 0), With(tags, "send"));
        _consumed.Add(now.Consumed - (before?.Consumed ?? 0), With(tags, "poll"));
    }

    private static TagList With(TagList tags, string operation)
    {
        tags.Add(Names.SystemTag, "kafka");
        tags.Add(Names.OperationTag, operation);
        return tags;
    }

    private static IEnumerable<Measurement<long>> Drain(ConcurrentQueue<Measurement<long>> queue)
    {
        while (queue.TryDequeue(out var measurement)) yield return measurement;
    }
}

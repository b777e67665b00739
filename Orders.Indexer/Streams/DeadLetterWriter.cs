using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Indexer.Streams;

/// <summary>
/// Puts aside what can never be used. A record counts as handled only when the broker has acknowledged its dead letter, so a
/// crash in between repeats the dead letter and loses nothing; readers tell repeats by group, topic, partition and offset.
/// </summary>
internal sealed partial class DeadLetterWriter(
    KafkaClients kafka, TimeProvider time, IndexerMetrics metrics, ILogger<DeadLetterWriter> logger) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private IProducer<string, byte[]>? _producer;

    public async Task WriteAsync(IProjection projection, IReadOnlyList<Rejection> rejections, CancellationToken cancel)
    {
        if (rejections.Count == 0) return;
        await _gate.WaitAsync(cancel);
        try
        {
            _producer ??= kafka.CreateRawProducer();
            await Task.WhenAll(rejections.Select(rejected => WriteAsync(_producer, projection.Group, rejected, cancel)));
        }
        catch (KafkaException)
        {
            // A producer that failed for good fails for ever; the caller tries again with a fresh one.
            _producer?.Dispose();
            _producer = null;
            throw;
        }
        finally
        {
            _gate.Release();
        }

        foreach (var rejected in rejections)
        {
            metrics.DeadLetter(projection.Name, rejected.Reason);
            LogWritten(projection.Group, rejected.Raw.Partition, rejected.Raw.Offset, rejected.Reason, rejected.Detail);
        }
    }

    public void Dispose()
    {
        _producer?.Dispose();
        _gate.Dispose();
    }

    private Task WriteAsync(IProducer<string, byte[]> producer, string group, Rejection rejected, CancellationToken cancel) =>
        producer.WriteAsync(WireNames.Topics.OrderEventsDeadLetter, Compose(group, rejected, time.GetUtcNow()), cancel);

    internal static DeadLetter Compose(string group, Rejection rejected, DateTimeOffset failedAt) => new()
    {
        Group = group,
        Topic = WireNames.Topics.OrderEvents,
        Partition = rejected.Raw.Partition,
        Offset = rejected.Raw.Offset,
        Reason = rejected.Reason,
        Detail = rejected.Detail,
        FailedAt = failedAt,
        TraceParent = rejected.TraceParent,
        Key = rejected.Raw.Key,
        Value = rejected.Raw.Value,
        ProducedAt = rejected.Raw.ProducedAt,
        Headers = rejected.Raw.Headers,
    };

    [LoggerMessage(LogLevel.Warning, "{Group} gave up on partition {Partition} offset {Offset}: {Reason} ({Detail})")]
    private partial void LogWritten(string group, int partition, long offset, string reason, string detail);
}

using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;

namespace Orders.ServiceDefaults.Messaging;

/// <summary>How a dead letter is written, whoever writes it: with the original key as its key, byte for byte.</summary>
public static class DeadLetterRecords
{
    /// <summary>A producer for dead letters and for what is sent again from them.</summary>
    public static IProducer<string, byte[]> CreateRawProducer(this KafkaClients kafka) =>
        kafka.CreateProducer(builder => builder.SetKeySerializer(KeyBytes.Serializer));

    /// <summary>Returns when the broker has acknowledged the letter.</summary>
    /// <exception cref="KafkaException">It has not, and the letter counts as not written.</exception>
    public static async Task WriteAsync(
        this IProducer<string, byte[]> producer, string topic, DeadLetter letter, CancellationToken cancel)
    {
        try
        {
            await ProduceAsync(producer, topic, letter, cancel);
        }
        catch (ProduceException<string, byte[]> failure) when (failure.Error.Code is ErrorCode.MsgSizeTooLarge)
        {
            await WriteWithoutAsync(producer, topic, letter, cancel);
        }
    }

    /// <summary>The errors that are about the message itself: sent again it would be refused again.</summary>
    public static bool IsRefusal(Error error) => error.Code
        is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.InvalidRecord;

    /// <summary>In base 64 a record near the limit no longer fits. It can still be read at its own position.</summary>
    private static async Task WriteWithoutAsync(
        IProducer<string, byte[]> producer, string topic, DeadLetter letter, CancellationToken cancel)
    {
        var bytes = letter.Value?.Length ?? 0;
        var rest = letter with
        {
            Value = null, OmittedBytes = bytes,
            Detail = $"{letter.Detail} (the value of {bytes} bytes is too large for a dead letter and stays in place)",
        };
        try
        {
            await ProduceAsync(producer, topic, rest, cancel);
        }
        catch (ProduceException<string, byte[]> failure) when (failure.Error.Code is ErrorCode.MsgSizeTooLarge)
        {
            // Then it is the key or the headers; they stay in place with it.
            await ProduceAsync(producer, topic, rest with { Key = null, Headers = null }, cancel);
        }
    }

    public static IReadOnlyList<DeadLetterHeader>? HeadersOf(Headers? headers) =>
        headers is not { Count: > 0 } ? null : [.. headers.Select(header => new DeadLetterHeader(header.Key, header.GetValueBytes()))];

    /// <summary>Null where the broker does not keep the time.</summary>
    public static DateTimeOffset? TimeOf(Timestamp timestamp) =>
        timestamp.Type == TimestampType.NotAvailable || timestamp.UnixTimestampMs <= 0
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);

    private static Task ProduceAsync(IProducer<string, byte[]> producer, string topic, DeadLetter letter, CancellationToken cancel) =>
        producer.ProduceAsync(
            topic,
            new Message<string, byte[]>
            {
                Key = KeyBytes.TextOf(letter.Key)!, Value = JsonSerializer.SerializeToUtf8Bytes(letter, OrdersJson.Default.DeadLetter),
            },
            cancel);
}

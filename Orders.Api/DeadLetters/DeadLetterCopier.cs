using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Orders.Api.Consuming;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.DeadLetters;

/// <summary>
/// Copies dead letters from their topics into the database. Invariant: an offset moves only past letters that are in the table; one that
/// comes again is there already. Each topic has one partition, so one replica at a time copies it.
/// </summary>
internal sealed partial class DeadLetterCopier(
    KafkaClients kafka, DeadLetterStore store, IOptions<DeadLetterOptions> options, DeadLetterMetrics metrics, TimeProvider time,
    ILogger<DeadLetterCopier> logger)
    : TopicConsumer(kafka, Settings(options.Value), time)
{
    private readonly KafkaClients _kafka = kafka;
    private readonly TimeProvider _time = time;

    protected override async Task TakeAsync(
        IConsumer<string, byte[]> consumer, List<ConsumeResult<string, byte[]>> batch, CancellationToken stopping)
    {
        if (batch.Count > 0) await CopyAsync(batch, stopping);
        foreach (var record in batch) Store(consumer, record);
        Works();
    }

    protected override void Failed(Exception error, TimeSpan pause) => LogFailed(error, pause);

    protected override void NotStored(ConsumeResult<string, byte[]> record) => LogNotStored(record.Topic);

    private static TopicConsumerSettings Settings(DeadLetterOptions options) => new(
        WireNames.Groups.DeadLetters, [WireNames.Topics.OrderEventsDeadLetter, WireNames.Topics.InboundDeadLetter], options.BatchMax,
        Idle: TimeSpan.FromMilliseconds(250), options.BackoffMax, options.SessionTimeout);

    private async Task CopyAsync(List<ConsumeResult<string, byte[]>> batch, CancellationToken stopping)
    {
        var now = _time.GetUtcNow();
        var letters = new List<CopiedLetter>(batch.Count);
        foreach (var record in batch)
        {
            var copied = CopiedLetter.Read(record, now);
            if (copied.Letter.OmittedBytes is not null)
                copied = copied with { Letter = await Task.Run(() => Whole(copied.Letter), stopping) };
            letters.Add(copied);
        }

        // One that stands twice in one batch: a writer died between letter and offset.
        metrics.Copied(await store.AddAsync([.. letters.DistinctBy(copied => copied.Id)], now, stopping));
    }

    /// <summary>The letter with its value, which was too large for it, as long as the topic has it.</summary>
    private DeadLetter Whole(DeadLetter letter)
    {
        using var reader = _kafka.CreateConsumer(
            WireNames.Groups.DeadLetters + "-reader", builder => builder.SetKeyDeserializer(KeyBytes.Deserializer));
        var place = new TopicPartitionOffset(letter.Topic, letter.Partition, letter.Offset);
        try
        {
            reader.Assign(place);
            var found = reader.Consume(options.Value.FetchTimeout);
            if (found?.Message is { } message && found.TopicPartitionOffset == place && (message.Value?.Length ?? 0) == letter.OmittedBytes)
            {
                // Key and headers stay in place too where they are what is too large.
                return letter with
                {
                    Value = message.Value, OmittedBytes = null, Key = KeyBytes.Of(message.Key),
                    Headers = DeadLetterRecords.HeadersOf(message.Headers),
                };
            }
        }
        catch (ConsumeException gone)
        {
            LogGone(letter.Topic, letter.Partition, letter.Offset, gone.Error.Reason);
        }

        return letter;
    }

    [LoggerMessage(LogLevel.Error, "Dead letters are not copied; again in {Pause}")]
    private partial void LogFailed(Exception error, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "The record at {Topic}/{Partition}/{Offset} is too large for its letter and cannot be read: {Reason}")]
    private partial void LogGone(string topic, int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Debug, "{Topic} went to another consumer before its offset was stored")]
    private partial void LogNotStored(string topic);
}

using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.DeadLetters;

/// <summary>
/// Copies dead letters from their topics into the database. Invariant: an offset moves only past letters that are in the table; one that
/// comes again is there already. Each topic has one partition, so one replica at a time copies it.
/// </summary>
internal sealed partial class DeadLetterCopier(
    KafkaClients kafka, DeadLetterStore store, IOptions<DeadLetterOptions> options, DeadLetterMetrics metrics, TimeProvider time,
    ILogger<DeadLetterCopier> logger) : BackgroundService
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = BackoffMin;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await kafka.EnsureTopicsAsync(OrderTopics.All, stoppingToken);
                await RunAsync(() => backoff = BackoffMin, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                LogFailed(error, backoff);
                await Task.Delay(backoff, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                backoff = TimeSpan.FromTicks(Math.Min(backoff.Ticks * 2, options.Value.BackoffMax.Ticks));
            }
        }
    }

    private async Task RunAsync(Action works, CancellationToken stopping)
    {
        using var consumer = kafka.CreateConsumer(
            WireNames.Groups.DeadLetters, builder => builder.SetKeyDeserializer(KeyBytes.Deserializer),
            config =>
            {
                config.SessionTimeoutMs ??= (int)options.Value.SessionTimeout.TotalMilliseconds;
                config.HeartbeatIntervalMs ??= config.SessionTimeoutMs / 5;
            });
        consumer.Subscribe([WireNames.Topics.OrderEventsDeadLetter, WireNames.Topics.InboundDeadLetter]);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var batch = await Task.Factory.StartNew(
                    () => Gather(consumer, stopping), stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                if (batch.Count > 0) await CopyAsync(batch, stopping);
                foreach (var record in batch) Store(consumer, record);
                works();
            }
        }
        finally
        {
            // Commits what is stored.
            consumer.Close();
        }
    }

    private List<ConsumeResult<string, byte[]>> Gather(IConsumer<string, byte[]> consumer, CancellationToken stopping)
    {
        var batch = new List<ConsumeResult<string, byte[]>>();
        var wait = Idle;
        while (batch.Count < options.Value.BatchMax && !stopping.IsCancellationRequested
            && consumer.Consume(wait) is { Message: not null } record)
        {
            batch.Add(record);
            wait = TimeSpan.Zero;
        }

        return batch;
    }

    private async Task CopyAsync(List<ConsumeResult<string, byte[]>> batch, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
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
        using var reader = kafka.CreateConsumer(WireNames.Groups.DeadLetters + "-reader");
        var place = new TopicPartitionOffset(letter.Topic, letter.Partition, letter.Offset);
        try
        {
            reader.Assign(place);
            var found = reader.Consume(options.Value.FetchTimeout);
            if (found?.Message?.Value is { } value && found.TopicPartitionOffset == place && value.Length == letter.OmittedBytes)
                return letter with { Value = value, OmittedBytes = null };
        }
        catch (ConsumeException gone)
        {
            LogGone(letter.Topic, letter.Partition, letter.Offset, gone.Error.Reason);
        }

        return letter;
    }

    private void Store(IConsumer<string, byte[]> consumer, ConsumeResult<string, byte[]> record)
    {
        try
        {
            consumer.StoreOffset(record);
        }
        catch (KafkaException lost) when (lost.Error.Code is ErrorCode.Local_State)
        {
            // No longer ours: its next owner finds the letter copied.
            LogNotStored(record.Topic);
        }
    }

    [LoggerMessage(LogLevel.Error, "Dead letters are not copied; again in {Pause}")]
    private partial void LogFailed(Exception error, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "The record at {Topic}/{Partition}/{Offset} is too large for its letter and cannot be read: {Reason}")]
    private partial void LogGone(string topic, int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Debug, "{Topic} went to another consumer before its offset was stored")]
    private partial void LogNotStored(string topic);
}

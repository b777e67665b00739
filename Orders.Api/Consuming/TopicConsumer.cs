using Confluent.Kafka;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Consuming;

/// <summary>What a consumer of topics may take and wait.</summary>
/// <param name="Group">The consumer group.</param>
/// <param name="Topics">What it reads.</param>
/// <param name="BatchMax">Records at once.</param>
/// <param name="Idle">How long it waits for a first record before it looks whether it is to stop.</param>
/// <param name="BackoffMax">The longest pause before it is begun anew; it starts at 100 ms and doubles.</param>
/// <param name="SessionTimeout">How long a replica that died keeps its partitions.</param>
internal sealed record TopicConsumerSettings(
    string Group, string[] Topics, int BatchMax, TimeSpan Idle, TimeSpan BackoffMax, TimeSpan SessionTimeout);

/// <summary>
/// Takes batches of records from topics, again and again; whatever fails, the consumer is thrown away and made anew after a pause.
/// Invariant: an offset moves only by <see cref="Store"/>, so only past what the batch's work has stored, and a record that was
/// not stored comes again.
/// </summary>
internal abstract class TopicConsumer(KafkaClients kafka, TopicConsumerSettings settings, TimeProvider time) : BackgroundService
{
    protected static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);

    /// <summary>A broker that makes topics on first use does not know them for a moment; the client asks again by itself.</summary>
    private static readonly TimeSpan TopicPatience = TimeSpan.FromSeconds(10);

    private TimeSpan _backoff = BackoffMin;

    /// <summary>Does the work of a batch, which may be empty, and stores its offsets.</summary>
    protected abstract Task TakeAsync(
        IConsumer<string, byte[]> consumer, List<ConsumeResult<string, byte[]>> batch, CancellationToken stopping);

    /// <summary>The consumer is begun anew after a pause.</summary>
    protected abstract void Failed(Exception error, TimeSpan pause);

    /// <summary>The partition is no longer this process's: its next owner gets the record again.</summary>
    protected abstract void NotStored(ConsumeResult<string, byte[]> record);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await kafka.EnsureTopicsAsync(OrderTopics.All, stoppingToken);
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                Failed(error, _backoff);
                await PauseAsync(_backoff, stoppingToken);
                _backoff = Longer(_backoff);
            }
        }
    }

    /// <summary>One consumer, until it fails or the process stops.</summary>
    protected virtual async Task RunAsync(CancellationToken stopping)
    {
        using var consumer = kafka.CreateConsumer(
            settings.Group, builder => builder.SetKeyDeserializer(KeyBytes.Deserializer),
            config =>
            {
                config.SessionTimeoutMs ??= (int)settings.SessionTimeout.TotalMilliseconds;
                config.HeartbeatIntervalMs ??= config.SessionTimeoutMs / 5;
            });
        consumer.Subscribe(settings.Topics);
        var subscribed = time.GetTimestamp();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // The client's polling blocks, so it gets a thread of its own.
                var batch = await Task.Factory.StartNew(
                    () => Gather(consumer, subscribed, stopping), stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await TakeAsync(consumer, batch, stopping);
            }
        }
        finally
        {
            // Commits what is stored.
            consumer.Close();
        }
    }

    /// <summary>It works: the next pause is a short one again.</summary>
    protected void Works() => _backoff = BackoffMin;

    protected void Store(IConsumer<string, byte[]> consumer, ConsumeResult<string, byte[]> record)
    {
        try
        {
            consumer.StoreOffset(record);
        }
        catch (KafkaException lost) when (lost.Error.Code is ErrorCode.Local_State)
        {
            NotStored(record);
        }
    }

    protected TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, settings.BackoffMax.Ticks));

    /// <summary>Ends early, and quietly, when the process stops.</summary>
    protected async Task PauseAsync(TimeSpan pause, CancellationToken stopping) =>
        await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private List<ConsumeResult<string, byte[]>> Gather(IConsumer<string, byte[]> consumer, long subscribed, CancellationToken stopping)
    {
        var batch = new List<ConsumeResult<string, byte[]>>();
        var wait = settings.Idle;
        while (batch.Count < settings.BatchMax && !stopping.IsCancellationRequested
            && Consume(consumer, wait, subscribed) is { Message: not null } record)
        {
            batch.Add(record);
            wait = TimeSpan.Zero;
        }

        return batch;
    }

    private ConsumeResult<string, byte[]>? Consume(IConsumer<string, byte[]> consumer, TimeSpan wait, long subscribed)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException absent)
            when (absent.Error.Code is ErrorCode.UnknownTopicOrPart && time.GetElapsedTime(subscribed) < TopicPatience)
        {
            return null;
        }
    }
}

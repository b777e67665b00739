using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Http;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Inbound;

/// <summary>
/// Takes commands from <c>orders.inbound</c>. Invariant: an offset moves only past commands that are done, or whose dead letter the broker
/// has acknowledged. Commands of one partition are done in their order; a server that is away holds them up and drops none.
/// </summary>
internal sealed partial class InboundConsumer(
    KafkaClients kafka, InboundHandler handler, IOptions<InboundOptions> options, InboundMetrics metrics, TimeProvider time,
    ILogger<InboundConsumer> logger) : BackgroundService
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);

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
                await PauseAsync(backoff, stoppingToken);
                backoff = Longer(backoff);
            }
        }
    }

    private async Task RunAsync(Action works, CancellationToken stopping)
    {
        using var letters = kafka.CreateRawProducer();
        using var consumer = kafka.CreateConsumer(
            WireNames.Groups.Inbound, builder => builder.SetKeyDeserializer(KeyBytes.Deserializer),
            config =>
            {
                config.SessionTimeoutMs ??= (int)options.Value.SessionTimeout.TotalMilliseconds;
                config.HeartbeatIntervalMs ??= config.SessionTimeoutMs / 5;
            });
        consumer.Subscribe(WireNames.Topics.Inbound);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // The client's polling blocks, so it gets a thread of its own.
                var batch = await Task.Factory.StartNew(
                    () => Gather(consumer, stopping), stopping, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                works();
                await Task.WhenAll(batch.GroupBy(record => record.Partition.Value)
                    .Select(records => DoInOrderAsync(consumer, records, letters, stopping)));
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
        while (batch.Count < options.Value.BatchMax && !stopping.IsCancellationRequested && consumer.Consume(
            wait) is { Message: not null } record)
        {
            batch.Add(record);
            wait = TimeSpan.Zero;
        }

        return batch;
    }

    private async Task DoInOrderAsync(
        IConsumer<string, byte[]> consumer, IEnumerable<ConsumeResult<string, byte[]>> records, IProducer<string, byte[]> letters,
        CancellationToken stopping)
    {
        foreach (var record in records)
        {
            using var activity = Start(record.Message.Value);
            if (await DoAsync(record, stopping) is { } refusal)
            {
                await letters.WriteAsync(WireNames.Topics.InboundDeadLetter, Letter(record, refusal), stopping);
                metrics.DeadLetter(refusal.Reason);
                activity?.SetStatus(ActivityStatusCode.Error, refusal.Reason);
                LogDeadLetter(record.Partition.Value, record.Offset.Value, refusal.Reason);
            }
            else
            {
                metrics.Done();
            }

            Store(consumer, record);
        }
    }

    /// <summary>Does the command, however long a server is away.</summary>
    private async Task<InboundRefusal?> DoAsync(ConsumeResult<string, byte[]> record, CancellationToken stopping)
    {
        var backoff = BackoffMin;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await handler.HandleAsync(InboundRecord.Of(record), stopping);
            }
            catch (Exception error) when (IsTransient(error))
            {
                LogHeldUp(record.Partition.Value, record.Offset.Value, error.Message);
                attempt = 0;
            }
            catch (Exception error) when (error is not OperationCanceledException and not OutOfMemoryException)
            {
                LogUnexpected(error, record.Partition.Value, record.Offset.Value, attempt);
                if (attempt >= options.Value.AttemptsMax) return new InboundRefusal("internal_error", error.GetType().Name);
            }

            await PauseAsync(backoff, stopping);
            stopping.ThrowIfCancellationRequested();
            backoff = Longer(backoff);
        }
    }

    private static bool IsTransient(Exception error) =>
        error is OutcomeUnknownException or ContendedException or NpgsqlException { IsTransient: true }
        || ExceptionReplies.IsDatabaseAway(error);

    private void Store(IConsumer<string, byte[]> consumer, ConsumeResult<string, byte[]> record)
    {
        try
        {
            consumer.StoreOffset(record);
        }
        catch (KafkaException lost) when (lost.Error.Code is ErrorCode.Local_State)
        {
            // No longer ours: its next owner does the command again and finds it done.
            LogNotStored(record.Partition.Value);
        }
    }

    private DeadLetter Letter(ConsumeResult<string, byte[]> record, InboundRefusal refusal) => new()
    {
        Group = WireNames.Groups.Inbound,
        Topic = record.Topic,
        Partition = record.Partition.Value,
        Offset = record.Offset.Value,
        Reason = refusal.Reason,
        Detail = refusal.Detail,
        FailedAt = time.GetUtcNow(),
        TraceParent = Activity.Current?.Id,
        Key = KeyBytes.Of(record.Message.Key),
        Value = record.Message.Value,
        ProducedAt = DeadLetterRecords.TimeOf(record.Message.Timestamp),
        Headers = DeadLetterRecords.HeadersOf(record.Message.Headers),
    };

    /// <summary>The work belongs to the trace of whoever asked, however much later it is done.</summary>
    private static Activity? Start(byte[]? value)
    {
        Activity.Current = null;
        var parent = ActivityContext.TryParse(TraceParentOf(value), null, isRemote: true, out var asked) ? asked : default;
        var activity = InboundMetrics.Source.StartActivity($"process {WireNames.Topics.Inbound}", ActivityKind.Consumer, parent);
        activity?.SetTag("messaging.system", "kafka");
        activity?.SetTag("messaging.operation.type", "process");
        activity?.SetTag("messaging.destination.name", WireNames.Topics.Inbound);
        return activity;
    }

    private static string? TraceParentOf(byte[]? value)
    {
        try
        {
            return value is null ? null : JsonSerializer.Deserialize(value, OrdersJson.Default.InboundCommand)?.TraceParent;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan Longer(TimeSpan pause) => TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, options.Value.BackoffMax.Ticks));

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping) =>
        await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

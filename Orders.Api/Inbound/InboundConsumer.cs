using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using Orders.Api.Consuming;
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
    ILogger<InboundConsumer> logger)
    : TopicConsumer(kafka, Settings(options.Value), time)
{
    private readonly KafkaClients _kafka = kafka;
    private readonly TimeProvider _time = time;
    private IProducer<string, byte[]>? _letters;

    /// <summary>What writes the dead letters lives as long as the consumer.</summary>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var letters = _kafka.CreateRawProducer();
        _letters = letters;
        await base.RunAsync(stopping);
    }

    protected override async Task TakeAsync(
        IConsumer<string, byte[]> consumer, List<ConsumeResult<string, byte[]>> batch, CancellationToken stopping)
    {
        Works();
        await Task.WhenAll(batch.GroupBy(record => record.Partition.Value)
            .Select(records => DoInOrderAsync(consumer, records, _letters!, stopping)));
    }

    protected override void Failed(Exception error, TimeSpan pause) => LogFailed(error, pause);

    protected override void NotStored(ConsumeResult<string, byte[]> record) => LogNotStored(record.Partition.Value);

    private static TopicConsumerSettings Settings(InboundOptions options) => new(
        WireNames.Groups.Inbound, [WireNames.Topics.Inbound], options.BatchMax, Idle: TimeSpan.FromMilliseconds(200), options.BackoffMax,
        options.SessionTimeout);

    private async Task DoInOrderAsync(
        IConsumer<string, byte[]> consumer, IEnumerable<ConsumeResult<string, byte[]>> records, IProducer<string, byte[]> letters,
        CancellationToken stopping)
    {
        foreach (var record in records)
        {
            using var activity = Start(record.Message.Value);
            if (await SettleAsync(record, stopping) is { } refusal)
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

    /// <summary>What was accepted over HTTP has its outcome where it is asked for; else a refusal is a dead letter.</summary>
    private async Task<InboundRefusal?> SettleAsync(ConsumeResult<string, byte[]> record, CancellationToken stopping)
    {
        if (await TryAsync(record, command => handler.HandleAsync(command, stopping), stopping) is not { } refusal) return null;
        return await TryAsync(record, command => handler.RefuseAcceptedAsync(command, refusal, stopping), stopping);
    }

    /// <summary>Does the work, however long a server is away.</summary>
    private async Task<InboundRefusal?> TryAsync(
        ConsumeResult<string, byte[]> record, Func<InboundRecord, Task<InboundRefusal?>> work, CancellationToken stopping)
    {
        var backoff = BackoffMin;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work(InboundRecord.Of(record));
            }
            catch (Exception error) when (IsTransient(error))
            {
                LogHeldUp(record.Partition.Value, record.Offset.Value, error.Message);
                attempt = 0;
            }
            catch (Exception error) when (error is not OperationCanceledException and not OutOfMemoryException)
            {
                LogUnexpected(error, record.Partition.Value, record.Offset.Value, attempt);
                if (attempt >= options.Value.AttemptsMax) return new InboundRefusal(InboundRefusal.InternalError, error.GetType().Name);
            }

            await PauseAsync(backoff, stopping);
            stopping.ThrowIfCancellationRequested();
            backoff = Longer(backoff);
        }
    }

    private static bool IsTransient(Exception error) =>
        error is OutcomeUnknownException or ContendedException or NpgsqlException { IsTransient: true }
        || ExceptionReplies.IsDatabaseAway(error);

    private DeadLetter Letter(ConsumeResult<string, byte[]> record, InboundRefusal refusal) => new()
    {
        Group = WireNames.Groups.Inbound,
        Topic = record.Topic,
        Partition = record.Partition.Value,
        Offset = record.Offset.Value,
        Reason = refusal.Reason,
        Detail = refusal.Detail,
        FailedAt = _time.GetUtcNow(),
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
}

using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Api.Inbound;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.DeadLetters;

/// <summary>
/// Sends again what somebody wants sent again, oldest first, and removes what is old. Invariant: a letter that is marked
/// <c>retried</c> is sent at least once, whatever dies in between; once more does no harm, since every command has a key and every
/// event a version. Each letter has its own outcome: one that Kafka refuses for what it is becomes open again, with the reason, and holds
/// up no other.
/// </summary>
internal sealed partial class DeadLetterSender(
    KafkaClients kafka, NpgsqlDataSource database, DeadLetterStore store, IOptions<DeadLetterOptions> options, DeadLetterMetrics metrics,
    TimeProvider time, ILogger<DeadLetterSender> logger) : BackgroundService
{
    /// <summary>One replica at a time, so that what is sent stays in its order.</summary>
    private const long SendLock = 0x4F72646572730009;

    private IProducer<string, byte[]>? _producer;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SendInterval, time);
        var tidied = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                // What is asked every second for ever leaves no trace: it would bury the traces of orders.
                using var untraced = SuppressInstrumentationScope.Begin();
                while (await SendAsync(stoppingToken) == options.Value.SendBatchMax)
                {
                    // There may be more.
                }

                if (time.GetElapsedTime(tidied) < options.Value.HousekeepingInterval) continue;
                tidied = time.GetTimestamp();
                await TidyAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OutOfMemoryException && !stoppingToken.IsCancellationRequested)
            {
                // The edge of the loop: whatever one letter is, the api and the other letters go on.
                // What was handed over and not acknowledged may be anywhere; a fresh producer has none of it.
                _producer?.Dispose();
                _producer = null;
                LogFailed(error.Message);
            }
        }
    }

    public override void Dispose()
    {
        _producer?.Dispose();
        base.Dispose();
    }

    private async Task<int> SendAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var waiting = await WaitingAsync(connection, cancel);
        if (waiting.Count == 0) return 0;

        _producer ??= kafka.CreateRawProducer();
        // Handed over in order; the broker keeps that order within each partition.
        var sends = waiting.ConvertAll(letter => SendAsync(_producer, letter, cancel));
        await ((Task)Task.WhenAll(sends)).WaitAsync(options.Value.SendTimeout, time, cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        var late = new Outcome(null, new Error(ErrorCode.Local_TimedOut));
        var outcomes = new List<Outcome>(sends.Count);
        foreach (var send in sends) outcomes.Add(send.IsCompletedSuccessfully ? await send : late);
        await NoteAsync(connection, transaction, waiting, outcomes, cancel);
        // What got through is noted; the rest waits for Kafka.
        if (outcomes.Find(outcome => outcome is { Sent: null, IsRefused: false }) is { } open) throw new KafkaException(open.Error!);
        return waiting.Count;
    }

    private static async Task<Outcome> SendAsync(IProducer<string, byte[]> producer, Waiting letter, CancellationToken cancel)
    {
        try
        {
            return new Outcome(await producer.ProduceAsync(letter.Topic, letter.Message, cancel), null);
        }
        catch (KafkaException error)
        {
            return new Outcome(null, error.Error);
        }
    }

    private async Task NoteAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<Waiting> waiting, List<Outcome> outcomes, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var (letter, outcome) in waiting.Zip(outcomes))
        {
            if (outcome.Sent is { } sent)
            {
                batch.BatchCommands.Add(Sql.Command(
                    "update dead_letters set sent_at = $2, sent_partition = $3, sent_position = $4 where id = $1", Sql.Text(letter.Id),
                    Sql.Instant(time.GetUtcNow()), Sql.Whole(sent.Partition.Value), Sql.Long(sent.Offset.Value)));
                metrics.Sent(letter.Topic);
            }
            else if (outcome.IsRefused)
            {
                batch.BatchCommands.Add(Sql.Command(
                    """
                    update dead_letters set state = 'open', settled_at = null, settled_by = null, retry_failure = $2 where id = $1
                    """, Sql.Text(letter.Id), Sql.Text($"{outcome.Error!.Code}: {outcome.Error.Reason}")));
                LogRefused(letter.Id, outcome.Error.Reason);
            }
        }

        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private async Task<List<Waiting>> WaitingAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var select = new NpgsqlCommand(
            """
            select id, topic, partition, position, produced_at, key, value, headers from dead_letters
            where state = 'retried' and sent_at is null and pg_try_advisory_xact_lock($1)
            order by failed_at, id limit $2 for update
            """, connection);
        select.With(Sql.Long(SendLock), Sql.Whole(options.Value.SendBatchMax));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var waiting = new List<Waiting>();
        while (await rows.ReadAsync(cancel)) waiting.Add(Read(rows));
        return waiting;
    }

    private static Waiting Read(NpgsqlDataReader row)
    {
        var topic = row.GetString(1);
        var value = row.IsDBNull(6) ? null : row.GetFieldValue<byte[]>(6);
        var record = new InboundRecord(
            topic, row.GetInt32(2), row.GetInt64(3), value, row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4));
        return new Waiting(row.GetString(0), topic, new Message<string, byte[]>
        {
            Key = KeyBytes.TextOf(row.IsDBNull(5) ? null : row.GetFieldValue<byte[]>(5))!,
            Value = topic == WireNames.Topics.Inbound ? InboundReader.Named(record)! : value!,
            Headers = Headers(row.TextOrNull(7))!,
        });
    }

    private static Headers? Headers(string? json)
    {
        if (json is null) return null;
        var headers = new Headers();
        foreach (var header in JsonSerializer.Deserialize<DeadLetterHeader[]>(json, OrdersJson.Options())!)
            headers.Add(header.Name, header.Value);
        return headers;
    }

    private async Task TidyAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        while (await store.RemoveAsync(
            now - options.Value.SettledRetention, now - options.Value.OpenRetention, options.Value.RemoveBatchMax, cancel) > 0)
        {
            // There may be more.
        }

        metrics.SetOpen(await store.CountOpenAsync(cancel));
    }

    private sealed record Waiting(string Id, string Topic, Message<string, byte[]> Message);

    private sealed record Outcome(DeliveryResult<string, byte[]>? Sent, Error? Error)
    {
        /// <summary>For what the record is: it would be refused again.</summary>
        public bool IsRefused => Error is { } error && DeadLetterRecords.IsRefusal(error);
    }

    [LoggerMessage(LogLevel.Error, "Dead letter {Id} cannot be sent again and is open: {Reason}")]
    private partial void LogRefused(string id, string reason);

    [LoggerMessage(LogLevel.Warning, "Dead letters could not be sent again now: {Reason}")]
    private partial void LogFailed(string reason);
}

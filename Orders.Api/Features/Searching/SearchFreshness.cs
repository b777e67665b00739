using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry;
using Orders.Api.Outbox;
using Orders.Api.Persistence;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Features.Searching;

/// <summary>How far the index has come.</summary>
/// <param name="Position">The index has had every change of the change feed up to this position.</param>
/// <param name="BehindSeconds">How old the oldest change of the feed is that it has not; 0 when there is none.</param>
/// <param name="At">When that was found out.</param>
internal sealed record IndexFreshness(long Position, double BehindSeconds, DateTimeOffset At);

/// <summary>
/// Finds out, about once a second, up to which position of the change feed the index has had everything. The search projection commits an
/// offset when the search engine has finished the task, and the feed knows each change's offset; so the first change at or after the
/// committed offset of its partition is the first that may be missing. What was found before that point is not looked at again.
/// The feed is written by the relay. Whether that moves shows in the replication slot: a point of the log is noted, and until the slot
/// has come past it, nothing newer than the note can be vouched for.
/// </summary>
internal sealed partial class SearchFreshness(
    NpgsqlDataSource database, KafkaClients kafka, IOptions<SearchingOptions> options, IOptions<OutboxOptions> relay, TimeProvider time,
    ILogger<SearchFreshness> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // An imported change has the time of another system; what counts is when it came here.
    private const string Look = $"""
        with chunk as materialized (
            select position, kafka_partition, kafka_offset,
                case when type = '{OrderEventTypes.Imported}' then published_at else at end as at
            from order_changes where position > $1 order by position limit $2
        ), missing as (
            select c.position, c.at
            from chunk c left join unnest($3::int[], $4::bigint[]) as done (partition, next) on done.partition = c.kafka_partition
            where c.kafka_offset >= coalesce(done.next, 0)
            order by c.position limit 1
        )
        select coalesce((select position - 1 from missing), (select max(position) from chunk), $1), (select at from missing),
            (select count(*) from chunk) = $2 and not exists (select from missing),
            pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,
            coalesce((select pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')::bigint from pg_replication_slots
                where slot_name = '{WireNames.Outbox.Slot}' and database = current_database()), 0)
        """;

    private IConsumer<string, byte[]>? _consumer;
    private Task<Dictionary<int, long>>? _committed;
    private (long Log, DateTimeOffset At)? _note;
    private volatile IndexFreshness? _known;
    private long _reached;
    private bool _isWell = true;

    /// <summary>Null until it is known.</summary>
    public IndexFreshness? Known => _known;

    public override void Dispose()
    {
        // Not under the hands of a look that is still under way.
        if (_committed is { IsCompleted: false } look) _ = look.ContinueWith(_ => _consumer?.Dispose(), TaskScheduler.Default);
        else _consumer?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        using var timer = new PeriodicTimer(options.Value.FreshnessInterval, time);
        try
        {
            do await TryAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task TryAsync(CancellationToken cancel)
    {
        try
        {
            await LookAsync(cancel);
            _isWell = true;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            // The edge of the loop. What was known stays, with its time.
            if (error is KafkaException)
            {
                _consumer?.Dispose();
                _consumer = null;
            }

            if (_isWell) LogUnknown(error.Message);
            _isWell = false;
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        // First what is committed, then the feed: what comes between is missing rather than vouched for.
        _committed = Task.Run(Committed, CancellationToken.None);
        // Who stops does not wait for a broker that is away.
        var next = await _committed.WaitAsync(cancel);
        var isMore = true;
        while (isMore)
        {
            await using var command = database.CreateCommand(Look);
            command.With(
                Sql.Long(_reached), Sql.Whole(options.Value.FreshnessChunk), Sql.Wholes([.. next.Keys]), Sql.Longs([.. next.Values]));
            await using var row = await command.ExecuteReaderAsync(cancel);
            await row.ReadAsync(cancel);
            (_reached, isMore) = (row.GetInt64(0), row.GetBoolean(2));
            if (isMore) continue;
            var now = time.GetUtcNow();
            var missing = await row.IsDBNullAsync(1, cancel) ? now : await row.GetFieldValueAsync<DateTimeOffset>(1, cancel);
            var unpublished = UnpublishedSince(row.GetInt64(3), row.GetInt64(4), now) ?? now;
            var since = missing < unpublished ? missing : unpublished;
            _known = new IndexFreshness(_reached, Math.Round(Math.Max(0, (now - since).TotalSeconds), 3), now);
        }
    }

    /// <summary>The next offset of every partition of the events; 0 where the search projection has committed nothing.</summary>
    private Dictionary<int, long> Committed()
    {
        // It never subscribes, so it is no member of the group and disturbs nobody.
        _consumer ??= kafka.CreateConsumer(WireNames.Groups.Search);
        using var admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
        var partitions = admin.GetMetadata(WireNames.Topics.OrderEvents, Patience).Topics
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId)));
        return _consumer.Committed(partitions, Patience)
            .ToDictionary(place => place.Partition.Value, place => place.Offset.IsSpecial ? 0 : place.Offset.Value);
    }

    /// <summary>Since when the relay may not have published what was committed; null when it is not late.</summary>
    private DateTimeOffset? UnpublishedSince(long log, long confirmed, DateTimeOffset now)
    {
        if (_note is not { } note || confirmed >= note.Log) _note = note = (log, now);
        // When nothing happens the slot moves with the heartbeats, and the relay confirms what it has published only now and then.
        return now - note.At > relay.Value.HeartbeatInterval + relay.Value.ConfirmInterval + Patience ? note.At : null;
    }

    [LoggerMessage(LogLevel.Warning, "How far the search index has come is not known: {Reason}")]
    private partial void LogUnknown(string reason);
}

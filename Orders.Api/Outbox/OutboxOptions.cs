using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Outbox;

/// <summary>Section <c>Orders:Outbox</c>.</summary>
internal sealed class OutboxOptions
{
    public const string Section = "Orders:Outbox";

    /// <summary>
    /// Events handed to Kafka and not acknowledged yet, at most; then the relay stops reading and the backlog waits in the
    /// slot, on disk. Default 20,000, 1 to 50,000.
    /// </summary>
    [Range(1, 50_000)]
    public int InFlightMessagesMax { get; set; } = 20_000;

    /// <summary>As <see cref="InFlightMessagesMax"/>, in bytes. Default 32 MiB, 1 MiB to 48 MiB (the producer's queue holds 64).</summary>
    [Range(1 << 20, 48 << 20)]
    public long InFlightBytesMax { get; set; } = 32 << 20;

    /// <summary>
    /// How often the slot is told what Kafka has and the change feed shows. Longer means more duplicates after a crash, never a loss.
    /// Default 100 ms, 10 ms to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan ConfirmInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Pause between two writes of what Kafka has acknowledged into the change feed: short means soon, long means in few statements.
    /// The first event after a pause is written at once. Default 25 ms, 1 ms to 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan SequenceInterval { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Changes written by one statement, at most. Default 2,000, 1 to 50,000.</summary>
    [Range(1, 50_000)]
    public int SequenceBatchMax { get; set; } = 2_000;

    /// <summary>
    /// Events that are read and not yet in the change feed, at most; then the relay stops reading, as with
    /// <see cref="InFlightMessagesMax"/>. Default 50,000, 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int UnsequencedMax { get; set; } = 50_000;

    /// <summary>How often a heartbeat goes through the slot and the lag is measured. Default 10 s, 1 s to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a replica without the slot waits before it tries again. Default 1 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan StandbyInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Longest pause after a failed session; it starts at 100 ms and doubles until events get through again. Default 10 s, 100 ms to
    /// 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Days for which partitions are made ahead. Default 3, 1 to 30.</summary>
    [Range(1, 30)]
    public int PartitionDaysAhead { get; set; } = 3;

    /// <summary>
    /// Whole days for which events are kept in the table after the day they were written; then its partition is dropped, if all of them
    /// are published. A lost slot is replayed from what is kept. Default 7, 1 to 3,650.
    /// </summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; set; } = 7;

    /// <summary>
    /// How long an event that Kafka refused is kept after it was retried or discarded. Open ones stay. Default 30 days, 1 hour to
    /// 3,650 days.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan SetAsideRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Log kept because of the slot above which an alarm is raised. Default 1 GiB, 1 MiB to 1 PiB.</summary>
    [Range(1L << 20, 1L << 50)]
    public long RetainedBytesAlarm { get; set; } = 1L << 30;

    /// <summary>
    /// Log that can be written before the database gives the slot up (<c>max_slot_wal_keep_size</c>) below which an alarm is raised.
    /// Default 512 MiB, 0 to 1 PiB.
    /// </summary>
    [Range(0L, 1L << 50)]
    public long SafeBytesAlarm { get; set; } = 512L << 20;

    /// <summary>Age of the oldest unpublished event above which an alarm is raised. Default 1 minute, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LagAlarm { get; set; } = TimeSpan.FromMinutes(1);
}

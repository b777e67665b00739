using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Streams;

/// <summary>How every projection reads the event stream. Section <c>Orders:Indexer:Streams</c>.</summary>
internal sealed class StreamOptions
{
    public const string Section = "Orders:Indexer:Streams";

    /// <summary>Events that one batch takes at most. Default 5000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int BatchEventsMax { get; set; } = 5000;

    /// <summary>Bytes of events that one batch takes at most; the last event may exceed it. Default 10 MiB, 1 KiB to 90 MiB.</summary>
    [Range(1024, 94_371_840)]
    public int BatchBytesMax { get; set; } = 10 * 1024 * 1024;

    /// <summary>
    /// How long an idle projection gathers while events keep coming without a gap. A gap ends a batch at once, so this
    /// delays nothing on a quiet topic. Default 200 ms, 0 to 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan BatchAgeMax { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The first wait after a projection's server has failed; each further one doubles. Default 100 ms, 1 ms to 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan BackoffMin { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries. Default 30 s, 10 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the group waits for a consumer that has died before others take its partitions. Default 10 s, 6 s to 5 minutes
    /// (brokers refuse less or more); only where the Kafka configuration names none.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:06", "00:05:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a consumer reports to its group; it learns of a rebalance at the next report. Default 1 s, 100 ms to 30 s, at
    /// most a third of <see cref="SessionTimeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long partitions that go to another consumer, or a stop, wait for the batch in flight. Default 5 s, 0 to 30 s;
    /// well below the session timeout.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan DrainMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A pause between two polls that casts doubt on whether the partitions are still this consumer's: nothing is written
    /// until <see cref="DoubtFor"/> has passed. Default 7 s, 1 s to 5 minutes; above <see cref="DrainMax"/>, below
    /// <see cref="SessionTimeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PollGapMax { get; set; } = TimeSpan.FromSeconds(7);

    /// <summary>How long doubt lasts: longer than <see cref="Heartbeat"/>. Default 4 s, 0 to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DoubtFor { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long a consumer may fail or be without partitions until its health says so. Default 30 s, 1 s to 1 hour; above
    /// <see cref="SessionTimeout"/>, or every death of another consumer is an alarm.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TroubleAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How old an event may be that is taken and not durable, beyond what a projection gathers for, until its health says so.
    /// Default 2 minutes, 1 s to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LagMax { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Events of one batch that get spans of their own; the rest is only counted. Default 256, 0 to 10000.</summary>
    [Range(0, 10_000)]
    public int TracedEventsMax { get; set; } = 256;
}

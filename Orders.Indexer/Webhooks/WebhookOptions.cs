using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Webhooks;

/// <summary>How webhooks are delivered. Section <c>Orders:Indexer:Webhooks</c>; limits of numbers at once are per process.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Orders:Indexer:Webhooks";

    /// <summary>
    /// How long events gather, from the first one's commit, before it is asked who wants them: with many orders that is asked a few times
    /// a second and not for each. Default 200 ms, 0 to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BatchAgeMax { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a receiver may take to answer, connecting included. Default 10 s, 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests under way at once. Those to receivers that are failing get half of it at most. Default 32, 2 to 1024.
    /// </summary>
    [Range(2, 1024)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Requests under way at once to one subscription's receiver. Default 4, 1 to 64.</summary>
    [Range(1, 64)]
    public int ConcurrencyPerSubscription { get; set; } = 4;

    /// <summary>Deliveries taken ahead for one subscription, those under way included. Default 16, 1 to 256.</summary>
    [Range(1, 256)]
    public int TakenPerSubscription { get; set; } = 16;

    /// <summary>
    /// How long a delivery that was taken belongs to this process; then another one takes it. What could not be sent within it is
    /// given back. Default 1 minute, 1 s to 1 hour; more than <see cref="Timeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often the table is looked at for what has become due. New events do not wait for it. Default 1 s, 50 ms to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The wait before the second try. Default 5 s, 10 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan RetryFirst { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How much longer each further wait is; every wait is shortened by up to a fifth at random. Default 3, 1 to 10.
    /// </summary>
    [Range(1.0, 10.0)]
    public double RetryFactor { get; set; } = 3;

    /// <summary>The longest wait between two tries. Default 6 hours, 10 ms to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetryMax { get; set; } = TimeSpan.FromHours(6);

    /// <summary>
    /// Tries of one delivery; after the last one it is <c>failed</c>. Default 16, 1 to 100: with the waits above, the last one comes
    /// about two days after the first.
    /// </summary>
    [Range(1, 100)]
    public int AttemptsMax { get; set; } = 16;

    /// <summary>The longest wait that a receiver may ask for (<c>Retry-After</c>). Default 1 hour, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetryAfterMax { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Failures in a row after which a subscription is only probed: one delivery at a time, with a pause after every failure.
    /// Default 5, 1 to 1000.
    /// </summary>
    [Range(1, 1000)]
    public int HoldAfterFailures { get; set; } = 5;

    /// <summary>The first pause between two probes; each further one doubles. Default 1 s, 10 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan HoldFirst { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two probes. Default 1 minute, 10 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan HoldMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Failures in a row after which a subscription is disabled, once <see cref="DisableAfter"/> has passed as well.
    /// Default 50, 1 to 100000.
    /// </summary>
    [Range(1, 100_000)]
    public int DisableAfterFailures { get; set; } = 50;

    /// <summary>How long a subscription must have been without a success to be disabled. Default 1 day, 1 s to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Bytes of a reply's body that are read and kept. Default 1024, 0 to 16384.</summary>
    [Range(0, 16_384)]
    public int ResponseBytesMax { get; set; } = 1024;

    /// <summary>Tries that a delivery's log keeps, the last ones. Default 50, 1 to 200.</summary>
    [Range(1, 200)]
    public int AttemptsKeptMax { get; set; } = 50;

    /// <summary>
    /// How long events and deliveries are kept, whatever has become of them: what a disabled subscription has not fetched by then is
    /// gone. Default 7 days, 1 hour to 90 days.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Deliveries that one statement writes when events come from the stream. Default 10000, 100 to 100000.</summary>
    [Range(100, 100_000)]
    public int RecordedRowsMax { get; set; } = 10_000;

    /// <summary>How often old rows are removed and pending ones counted. Default 1 minute, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan HousekeepingInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Rows that are removed by one statement. Default 1000, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int HousekeepingRowsMax { get; set; } = 1000;

    /// <summary>How long a stop waits for requests under way. Default 3 s, 0 to 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan DrainMax { get; set; } = TimeSpan.FromSeconds(3);
}

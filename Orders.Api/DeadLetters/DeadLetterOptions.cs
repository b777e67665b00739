using System.ComponentModel.DataAnnotations;

namespace Orders.Api.DeadLetters;

/// <summary>Section <c>Orders:DeadLetters</c>: what no consumer could use, and what becomes of it.</summary>
internal sealed class DeadLetterOptions
{
    public const string Section = "Orders:DeadLetters";

    /// <summary>Letters copied into the database at once. Default 200, 1 to 5,000.</summary>
    [Range(1, 5_000)]
    public int BatchMax { get; set; } = 200;

    /// <summary>
    /// Longest pause before copying is tried again because a server is away; it starts at 100 ms and doubles. Default 5 s, 100 ms to
    /// 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a replica that died keeps its partitions. Default 10 s, 6 s to 5 minutes; the broker bounds it too.</summary>
    [Range(typeof(TimeSpan), "00:00:06", "00:05:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a record that is too large for a letter is looked for at its own position. Default 10 s, 1 s to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often letters that are to be sent again are looked for. Default 1 s, 100 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SendInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Letters sent again at once. Default 100, 1 to 1,000.</summary>
    [Range(1, 1_000)]
    public int SendBatchMax { get; set; } = 100;

    /// <summary>How long Kafka may take for them; then they are tried again. Default 10 s, 1 s to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Letters that one request marks to be sent again. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int RetryMax { get; set; } = 1_000;

    /// <summary>Open letters beyond which the api's health is degraded. Default 0, 0 to 1,000,000.</summary>
    [Range(0, 1_000_000)]
    public int OpenMax { get; set; }

    /// <summary>How long a letter is kept after it was sent again or discarded. Default 30 days, 1 hour to 10 years.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan SettledRetention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a letter is kept that nobody has looked after. Default 365 days, 1 day to 10 years.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan OpenRetention { get; set; } = TimeSpan.FromDays(365);

    /// <summary>How often old letters are removed and open ones counted. Default 1 minute, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HousekeepingInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Letters that one statement removes. Default 5,000, 100 to 100,000.</summary>
    [Range(100, 100_000)]
    public int RemoveBatchMax { get; set; } = 5_000;
}

using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Changes;

/// <summary>Section <c>Orders:Changes</c>.</summary>
internal sealed class ChangeOptions
{
    public const string Section = "Orders:Changes";

    /// <summary>Requests of this process that wait for a change at once, at most; more get 503. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int WaitersMax { get; set; } = 1_000;

    /// <summary>Streams of this process at once, at most; more get 503. Default 500, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int StreamsMax { get; set; } = 500;

    /// <summary>
    /// Positions that one request looks through at most, when a filter or a customer's key passes over most of them. Default 10,000,
    /// 200 to 1,000,000.
    /// </summary>
    [Range(200, 1_000_000)]
    public int ScanMax { get; set; } = 10_000;

    /// <summary>Newest changes kept in memory for those who wait, at most. Default 2,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int TailMax { get; set; } = 2_000;

    /// <summary>As <see cref="TailMax"/>, in bytes. Default 16 MiB, 1 MiB to 1 GiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public long TailBytesMax { get; set; } = 16 << 20;

    /// <summary>
    /// How often the database is asked for the newest position when it has said nothing: what a lost notification costs at most.
    /// Default 2 s, 100 ms to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a stream without events says that it lives, and looks whether its key is still good. Default 15 s, 100 ms to 5 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);
}

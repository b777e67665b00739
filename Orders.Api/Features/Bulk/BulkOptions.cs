using System.ComponentModel.DataAnnotations;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// Section <c>Orders:Bulk</c>. An import or export can be of any length: what it holds in memory and how long it may keep a database
/// connection is bounded here.
/// </summary>
internal sealed class BulkOptions
{
    public const string Section = "Orders:Bulk";

    /// <summary>
    /// Bytes of one line of an import without its end. The default is more than the largest order that can be placed. Default 4 MiB,
    /// 1 KiB to 16 MiB.
    /// </summary>
    [Range(1 << 10, 16 << 20)]
    public int LineBytesMax { get; set; } = 4 << 20;

    /// <summary>Lines that are written in one transaction, at most. Default 1,000, 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int BatchLinesMax { get; set; } = 1000;

    /// <summary>
    /// Bytes of lines after which a batch is written, however few they are. An import holds three batches: one that is read, one that
    /// waits and one that is written. Default 4 MiB, 64 KiB to 64 MiB.
    /// </summary>
    [Range(64 << 10, 64 << 20)]
    public int BatchBytesMax { get; set; } = 4 << 20;

    /// <summary>Rejected lines that the reply describes; the others are counted. Default 1,000, 0 to 10,000.</summary>
    [Range(0, 10_000)]
    public int RejectedLinesMax { get; set; } = 1000;

    /// <summary>Imports at the same time in this process; more are told to come back. Default 2, 1 to 20.</summary>
    [Range(1, 20)]
    public int ImportsMax { get; set; } = 2;

    /// <summary>Exports at the same time in this process; more are told to come back. Default 4, 1 to 20.</summary>
    [Range(1, 20)]
    public int ExportsMax { get; set; } = 4;

    /// <summary>
    /// How long an import tries again when the database does not answer, before it says how far it came. Default 30 s, 0 to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DatabasePatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes of log that the relay may be behind; then imports wait for it. Without this, an import that is faster than Kafka could
    /// fill the disk, or what the server keeps for the relay (<c>max_slot_wal_keep_size</c>). Default 1 GiB, 16 MiB to 1 TiB.
    /// </summary>
    [Range(16L << 20, 1L << 40)]
    public long RelayLagBytesMax { get; set; } = 1L << 30;

    /// <summary>How long an import waits for a relay that gets nowhere, before it gives up. Default 1 minute, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RelayPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long an export may take. Its snapshot keeps the database from cleaning up behind later changes. Default 30 minutes, 1 s to
    /// 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ExportDurationMax { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the reader of an export may take nothing at all. Default 1 minute, 1 s to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ExportStallMax { get; set; } = TimeSpan.FromMinutes(1);
}

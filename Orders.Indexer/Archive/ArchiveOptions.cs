using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Archive;

/// <summary>Every event, kept for good. Section <c>Orders:Archive</c>.</summary>
internal sealed class ArchiveOptions
{
    public const string Section = "Orders:Archive";

    /// <summary>
    /// The folder of the archive, relative to the working folder unless it is absolute; all replicas share it. Default
    /// <c>data/archive</c>. Of no account with a <see cref="Bucket"/>.
    /// </summary>
    [Required]
    public string Path { get; set; } = "data/archive";

    /// <summary>The S3 bucket that holds the archive instead of a folder. Default none.</summary>
    [StringLength(63)]
    public string? Bucket { get; set; }

    /// <summary>What every key in the bucket begins with, e.g. <c>orders/</c>. Default nothing.</summary>
    [StringLength(200)]
    public string Prefix { get; set; } = "";

    /// <summary>The address of a server that speaks S3; default Amazon's, in <see cref="Region"/>.</summary>
    [Url]
    public string? Endpoint { get; set; }

    /// <summary>The bucket's region. Default <c>us-east-1</c>.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>The key pair for the bucket; without one the SDK looks in its usual places (environment, profile, role).</summary>
    public string? AccessKey { get; set; }

    /// <inheritdoc cref="AccessKey"/>
    public string? SecretKey { get; set; }

    /// <summary>How long one file may take to be written. Default 1 minute, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long events gather, from the first one's commit, before their files are written; until then they are in Kafka alone. Default
    /// 10 minutes, 0 to 1 day, well below the topic's retention.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan FileAgeMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Bytes of events that gather at most, over all partitions; held in memory, several times that with what is decoded. Default 8 MiB,
    /// 1 KiB to 90 MiB.
    /// </summary>
    [Range(1024, 94_371_840)]
    public int FileBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>Events that gather at most. Default 20000, 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int FileEventsMax { get; set; } = 20_000;

    /// <summary>Files that are written at once. Default 4, 1 to 64.</summary>
    [Range(1, 64)]
    public int Parallelism { get; set; } = 4;

    /// <summary>Days of events that are kept. Default none: everything is kept; 1 to 36500.</summary>
    [Range(1, 36_500)]
    public int? RetentionDays { get; set; }

    /// <summary>
    /// How long a file without a manifest is left alone: its writer may be about to write that. Then it is removed, unless it had been
    /// finished once. Default 1 hour, 1 minute to 30 days, not less than <see cref="Timeout"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan OrphanGrace { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often old days and what was left half done are removed. Default 1 hour, 1 s to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan HousekeepingInterval { get; set; } = TimeSpan.FromHours(1);
}

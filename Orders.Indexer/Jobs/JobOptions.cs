using System.ComponentModel.DataAnnotations;

namespace Orders.Indexer.Jobs;

/// <summary>Long work. Section <c>Orders:Indexer:Jobs</c>.</summary>
internal sealed class JobOptions
{
    public const string Section = "Orders:Indexer:Jobs";

    /// <summary>How often the table is looked at for work. Default 1 s, 50 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a job is believed to be worked on without a sign of life; another process takes it then. Default 15 s, 1 s to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Attempts that may fail, one after the other, before a job has failed. Default 20, 1 to 1000.</summary>
    [Range(1, 1000)]
    public int AttemptsMax { get; set; } = 20;

    /// <summary>The wait after a failed attempt; each further one doubles. Default 1 s, 10 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan BackoffMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts. Default 1 minute, 10 ms to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a job that has ended stays to be looked at. Default 30 days, 1 minute to 10 years.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeptFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often schedules are looked at and old jobs removed. Default 1 minute, 100 ms to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan HousekeepingInterval { get; set; } = TimeSpan.FromMinutes(1);
}

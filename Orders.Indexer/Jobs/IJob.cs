namespace Orders.Indexer.Jobs;

/// <summary>
/// A kind of long work. It may die at any moment and be run again, by this process or another one: whatever it needs for going on
/// is what it last saved. Of one kind only one job runs at a time.
/// </summary>
internal interface IJob
{
    /// <summary>As in the table <c>jobs</c>, e.g. <c>search-rebuild</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Does the work and returns when it is done. An exception has it tried again after a pause, a
    /// <see cref="JobFailedException"/> ends it for good.
    /// </summary>
    /// <param name="job">What is wanted, how far an earlier attempt came, and where to say how far this one is.</param>
    /// <param name="cancel">Somebody cancelled the job, the process stops, or the job is no longer this process's.</param>
    Task RunAsync(JobContext job, CancellationToken cancel);
}

/// <summary>A job that is also queued by itself when it was not asked for in a while.</summary>
internal interface IScheduledJob : IJob
{
    /// <summary>Zero: never.</summary>
    TimeSpan Every { get; }
}

/// <summary>Trying again would fail in the same way.</summary>
internal sealed class JobFailedException(string message) : Exception(message);

/// <summary>Another process has taken the job over.</summary>
internal sealed class JobLostException(string id) : Exception($"job {id} belongs to somebody else by now");

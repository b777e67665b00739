namespace Orders.Api.Http;

/// <summary>What long work can be refused for beyond its fields.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType TooManyJobs = new(409, "too_many_jobs", "Too many jobs",
        "As many jobs are waiting as may wait. Nothing was queued.",
        "Wait until some are done, or cancel those that nobody needs.",
        "as many jobs are waiting as may wait; nothing was queued");
}

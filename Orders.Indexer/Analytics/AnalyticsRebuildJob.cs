using Orders.Contracts;
using Orders.Indexer.Jobs;

namespace Orders.Indexer.Analytics;

/// <summary>The rebuild as a job: whoever takes it over goes on after the last page.</summary>
internal sealed partial class AnalyticsRebuildJob(AnalyticsRebuild rebuild, ILogger<AnalyticsRebuildJob> logger) : IJob
{
    public string Kind => WireNames.Jobs.AnalyticsRebuild;

    public async Task RunAsync(JobContext job, CancellationToken cancel) =>
        job.SetResult(await rebuild.RunAsync(job.Progress<AnalyticsRebuildProgress>() ?? AnalyticsRebuildProgress.Start, async state =>
        {
            await job.SaveAsync(state, cancel);
            LogReached(state.Phase, state.Orders, state.Total, state.Removed);
        }, cancel));

    [LoggerMessage(LogLevel.Information, "Rebuild of analytics: {Phase}, {Orders} of {Total} orders written, {Removed} removed")]
    private partial void LogReached(string phase, long orders, long total, long removed);
}

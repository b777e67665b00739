namespace Orders.Indexer.Jobs;

internal sealed partial class JobRunner
{
    [LoggerMessage(LogLevel.Information, "Job {Id} ({Kind}): taken up, attempt {Attempt}")]
    private partial void LogTaken(string id, string kind, int attempt);

    [LoggerMessage(LogLevel.Information, "Job {Id} ({Kind}): succeeded: {Result}")]
    private partial void LogSucceeded(string id, string kind, string? result);

    [LoggerMessage(LogLevel.Information, "Job {Id} ({Kind}): cancelled")]
    private partial void LogCancelled(string id, string kind);

    [LoggerMessage(LogLevel.Warning, "Job {Id} ({Kind}): failed for now, next attempt in {Wait}")]
    private partial void LogRetried(string id, string kind, TimeSpan wait, Exception failure);

    [LoggerMessage(LogLevel.Error, "Job {Id} ({Kind}): failed")]
    private partial void LogFailed(string id, string kind, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Job {Id} ({Kind}): somebody else has it by now")]
    private partial void LogLost(string id, string kind);

    [LoggerMessage(LogLevel.Warning, "Job {Id} ({Kind}): its end could not be written down; it is taken up again")]
    private partial void LogSettleFailed(string id, string kind, Exception failure);

    [LoggerMessage(LogLevel.Information, "Job {Id} ({Kind}): queued by schedule")]
    private partial void LogScheduled(string id, string kind);

    [LoggerMessage(LogLevel.Warning, "Jobs cannot be looked at: {Reason}")]
    private partial void LogLookFailed(string reason);
}

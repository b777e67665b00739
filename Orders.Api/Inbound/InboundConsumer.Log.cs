namespace Orders.Api.Inbound;

internal sealed partial class InboundConsumer
{
    [LoggerMessage(LogLevel.Error, "Inbound commands are not taken; again in {Pause}")]
    private partial void LogFailed(Exception error, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "The command at {Partition}/{Offset} waits: {Reason}")]
    private partial void LogHeldUp(int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Error, "The command at {Partition}/{Offset} failed (attempt {Attempt})")]
    private partial void LogUnexpected(Exception error, int partition, long offset, int attempt);

    [LoggerMessage(LogLevel.Warning, "The command at {Partition}/{Offset} can never be done and is a dead letter: {Reason}")]
    private partial void LogDeadLetter(int partition, long offset, string reason);

    [LoggerMessage(LogLevel.Debug, "Partition {Partition} went to another consumer before its offset was stored")]
    private partial void LogNotStored(int partition);
}

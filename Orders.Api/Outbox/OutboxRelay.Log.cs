namespace Orders.Api.Outbox;

internal sealed partial class OutboxRelay
{
    [LoggerMessage(LogLevel.Information, "Another replica holds the slot; standing by")]
    private partial void LogStandby();

    [LoggerMessage(LogLevel.Information, "Sent {Rows} events from the outbox table, because the slot or the publication is new")]
    private partial void LogReplayed(long rows);

    [LoggerMessage(LogLevel.Error, "The publication was missing or incomplete, so events were not sent; it is made again, and events are "
        + "sent from the outbox table")]
    private partial void LogPublicationMended();

    [LoggerMessage(LogLevel.Error, "The relay session failed; the next one starts in {Pause} from what the slot has confirmed")]
    private partial void LogFailed(Exception error, TimeSpan pause);
}

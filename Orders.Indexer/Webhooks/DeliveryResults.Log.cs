namespace Orders.Indexer.Webhooks;

internal sealed partial class DeliveryResults
{
    [LoggerMessage(LogLevel.Warning, "The results of {Results} webhooks could not be written; next try in {Wait}")]
    private partial void LogNotWritten(int results, TimeSpan wait, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Event {EventId} was not delivered to subscription {Subscription}: {Tries} tries failed")]
    private partial void LogGivenUp(string eventId, string subscription, int tries);

    [LoggerMessage(LogLevel.Warning, "Subscription {Subscription} is disabled: {Reason}")]
    private partial void LogDisabled(string subscription, string reason);
}

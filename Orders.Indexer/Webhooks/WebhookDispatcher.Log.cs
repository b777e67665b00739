namespace Orders.Indexer.Webhooks;

internal sealed partial class WebhookDispatcher
{
    [LoggerMessage(LogLevel.Warning, "Webhooks that are due could not be taken; next look in {Wait}")]
    private partial void LogLookFailed(TimeSpan wait, Exception failure);

    [LoggerMessage(LogLevel.Error, "What came of sending event {EventId} to subscription {Subscription} is lost; it is sent again")]
    private partial void LogLost(string eventId, string subscription, Exception failure);
}

using System.Globalization;

namespace Orders.Api.Outbox;

/// <summary>
/// Says when the stream falls behind, before anything is lost: in the log when it begins and ends, and in the health of the api for
/// as long as it lasts.
/// </summary>
internal sealed partial class OutboxAlarm(OutboxHealth health, OutboxOptions options, ILogger logger)
{
    private bool _raised;

    /// <param name="slot">What the database says of the slot.</param>
    /// <param name="lag">Age of the oldest event that is read and not published.</param>
    public void Look(SlotState slot, TimeSpan lag)
    {
        var reason = Reason(slot, lag);
        health.Alarm(reason);
        if (reason is not null && !_raised) LogRaised(reason);
        if (reason is null && _raised) LogCleared(slot.RetainedBytes);
        _raised = reason is not null;
    }

    private string? Reason(SlotState slot, TimeSpan lag)
    {
        if (slot.WalStatus is "unreserved" or "lost" or "missing")
            return $"the slot is {slot.WalStatus}: events are sent from the outbox table next";
        if (slot.SafeBytes < options.SafeBytesAlarm) return Text($"the slot is lost after {slot.SafeBytes} more bytes of log");
        if (slot.RetainedBytes > options.RetainedBytesAlarm) return Text($"{slot.RetainedBytes} bytes of log wait to be published");
        if (slot.SetAside > 0) return Text($"{slot.SetAside} events that Kafka refused are set aside: see /v1/admin/set-aside-events");
        return lag > options.LagAlarm ? Text($"the oldest event waits since {lag.TotalSeconds:0} s") : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Error, "The stream of events is behind: {Reason}")]
    private partial void LogRaised(string reason);

    [LoggerMessage(LogLevel.Information, "The stream of events has caught up; {Bytes} bytes of log are kept")]
    private partial void LogCleared(long bytes);
}

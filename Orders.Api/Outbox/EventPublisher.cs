using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// Sends outbox rows to Kafka and keeps the books in an <see cref="InFlightWindow"/>. A delivery that fails is final (the client has no
/// time limit of its own): it faults the session that uses this publisher, and the rows are read again. Invariant: only an event that Kafka
/// has refused alone is set aside. Events go out in batches, and a broker refuses a batch as a whole; so all of a refused batch are
/// suspects, and the next session sends each suspect by itself, when nothing else is on its way.
/// </summary>
/// <param name="producer">The session's own.</param>
/// <param name="window">The books.</param>
/// <param name="suspects">Positions in the outbox of what was refused in a batch; outlives the session.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock.</param>
/// <param name="fault">Ends the session.</param>
internal sealed class EventPublisher(
    IProducer<string, byte[]> producer, InFlightWindow window, ConcurrentDictionary<long, bool> suspects, OutboxMetrics metrics,
    TimeProvider time, Action<Exception> fault)
{
    private static readonly Header ContentType = new("content-type", Encoding.ASCII.GetBytes(WireNames.Headers.CloudEventsContentType));

    /// <summary>Hands the row to Kafka and returns when there is room for another one.</summary>
    /// <param name="outboxEvent">The row.</param>
    /// <param name="transaction">The id of the transaction that it belongs to; 0: one that everybody sees.</param>
    /// <param name="committedAt">When that transaction committed; null when it is not known (replay).</param>
    /// <param name="cancel">Ends the waiting.</param>
    public async Task PublishAsync(OutboxEvent outboxEvent, uint transaction, DateTimeOffset? committedAt, CancellationToken cancel)
    {
        if (!suspects.ContainsKey(outboxEvent.Position))
        {
            Send(outboxEvent, transaction, committedAt, alone: false);
            await window.WaitForRoomAsync(cancel);
            return;
        }

        await window.WaitForQuietAsync(cancel);
        Send(outboxEvent, transaction, committedAt, alone: true);
        // What is set aside is written down before anything else is sent, so that a session that fails now does not begin with it again.
        await window.WaitForQuietAsync(cancel);
        suspects.TryRemove(outboxEvent.Position, out _);
    }

    private void Send(OutboxEvent outboxEvent, uint transaction, DateTimeOffset? committedAt, bool alone)
    {
        var activity = Start(outboxEvent);
        var sent = new InFlightEvent(outboxEvent, transaction, committedAt);
        window.Sent(sent);
        try
        {
            producer.Produce(
                WireNames.Topics.OrderEvents,
                new Message<string, byte[]> { Key = outboxEvent.OrderId, Value = outboxEvent.Payload, Headers = [ContentType] },
                report => Delivered(report, sent, alone ? outboxEvent : null, activity));
        }
        catch (ProduceException<string, byte[]> error) when (Refusal.IsFinal(error.Error))
        {
            // The client itself: this one message is larger than any that it sends.
            Refuse(sent, outboxEvent, error.Error, activity);
            activity?.Dispose();
        }
    }

    // Runs on the client's own thread, which swallows exceptions: nothing here throws.
    private void Delivered(DeliveryReport<string, byte[]> report, InFlightEvent sent, OutboxEvent? alone, Activity? activity)
    {
        if (!report.Error.IsError) Acknowledge(report, sent, activity);
        else if (alone is { } outboxEvent && Refusal.IsFinal(report.Error)) Refuse(sent, outboxEvent, report.Error, activity);
        else
        {
            if (Refusal.IsFinal(report.Error)) suspects[sent.OutboxPosition] = true;
            metrics.Failed();
            activity?.SetStatus(ActivityStatusCode.Error, report.Error.Reason);
            fault(new KafkaException(report.Error));
        }

        activity?.Dispose();
    }

    private void Acknowledge(DeliveryReport<string, byte[]> report, InFlightEvent sent, Activity? activity)
    {
        var now = time.GetUtcNow();
        if (sent.CommittedAt is { } at) metrics.Published(now - at);
        activity?.SetTag("messaging.destination.partition.id", report.Partition.Value.ToString(CultureInfo.InvariantCulture));
        activity?.SetTag("messaging.kafka.offset", report.Offset.Value);
        window.Acknowledged(sent, new Delivery(report.Partition.Value, report.Offset.Value, now));
    }

    private void Refuse(InFlightEvent sent, OutboxEvent outboxEvent, Error error, Activity? activity)
    {
        metrics.Refused(error.Code.ToString());
        activity?.SetStatus(ActivityStatusCode.Error, error.Reason);
        window.Refused(sent, new Refusal(outboxEvent, error));
    }

    /// <summary>The send belongs to the trace of the request that made the change, however much later it happens.</summary>
    private static Activity? Start(in OutboxEvent outboxEvent)
    {
        if (outboxEvent.TraceParent is not { } parent || !parent.EndsWith("-01", StringComparison.Ordinal)) return null;
        var activity = OutboxMetrics.Source.StartActivity($"send {WireNames.Topics.OrderEvents}", ActivityKind.Producer, parent);
        activity?.SetTag("messaging.system", "kafka");
        activity?.SetTag("messaging.operation.type", "send");
        activity?.SetTag("messaging.operation.name", "send");
        activity?.SetTag("messaging.destination.name", WireNames.Topics.OrderEvents);
        activity?.SetTag("messaging.kafka.message.key", outboxEvent.OrderId);
        // The relay's loop is nobody's child: what it does next must not become part of this trace.
        Activity.Current = null;
        return activity;
    }
}

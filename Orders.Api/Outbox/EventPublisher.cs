using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Orders.Contracts;

namespace Orders.Api.Outbox;

/// <summary>
/// Sends outbox rows to Kafka and keeps the books in an <see cref="InFlightWindow"/>. A delivery that fails is final (the
/// client has no time limit of its own): it faults the session that uses this publisher, and the rows are read again.
/// </summary>
internal sealed class EventPublisher(
    IProducer<string, byte[]> producer, InFlightWindow window, OutboxMetrics metrics, TimeProvider time, Action<Exception> fault)
{
    private static readonly Header ContentType = new("content-type", Encoding.ASCII.GetBytes(WireNames.Headers.CloudEventsContentType));

    /// <param name="outboxEvent">The row.</param>
    /// <param name="transaction">The id of the transaction that it belongs to; 0: one that everybody sees.</param>
    /// <param name="committedAt">When that transaction committed; null when it is not known (replay).</param>
    public void Publish(in OutboxEvent outboxEvent, uint transaction, DateTimeOffset? committedAt)
    {
        var activity = Start(outboxEvent);
        var sent = new InFlightEvent(outboxEvent, transaction, committedAt);
        window.Sent(sent);
        producer.Produce(
            WireNames.Topics.OrderEvents,
            new Message<string, byte[]> { Key = outboxEvent.OrderId, Value = outboxEvent.Payload, Headers = [ContentType] },
            report => Delivered(report, sent, activity));
    }

    // Runs on the client's own thread, which swallows exceptions: nothing here throws.
    private void Delivered(DeliveryReport<string, byte[]> report, InFlightEvent sent, Activity? activity)
    {
        if (report.Error.IsError)
        {
            metrics.Failed();
            activity?.SetStatus(ActivityStatusCode.Error, report.Error.Reason);
            fault(new KafkaException(report.Error));
        }
        else
        {
            var now = time.GetUtcNow();
            if (sent.CommittedAt is { } at) metrics.Published(now - at);
            activity?.SetTag("messaging.destination.partition.id",
                report.Partition.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            activity?.SetTag("messaging.kafka.offset", report.Offset.Value);
            window.Acknowledged(sent, new Delivery(report.Partition.Value, report.Offset.Value, now));
        }

        activity?.Dispose();
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

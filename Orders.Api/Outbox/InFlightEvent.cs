using Confluent.Kafka;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Outbox;

/// <summary>What the relay remembers of an event between reading it and having written it down as a change: all but its payload.</summary>
/// <param name="source">The outbox row.</param>
/// <param name="transaction">The id of the transaction that wrote it; 0: one that everybody sees.</param>
/// <param name="committedAt">When that transaction committed; null when it is not known (replay).</param>
internal sealed class InFlightEvent(in OutboxEvent source, uint transaction, DateTimeOffset? committedAt)
{
    public long OutboxPosition { get; } = source.Position;

    public string OrderId { get; } = source.OrderId;

    public int Version { get; } = source.Version;

    public string Type { get; } = source.Type;

    public int Bytes { get; } = source.Payload.Length;

    public uint Transaction => transaction;

    public DateTimeOffset? CommittedAt => committedAt;

    /// <summary>Where Kafka has it; null until it has.</summary>
    public Delivery? Delivery { get; set; }

    /// <summary>Why Kafka will never have it as it is; null as long as it may.</summary>
    public Refusal? Refusal { get; set; }

    /// <summary>Nothing more comes of it: Kafka has it, or never will.</summary>
    public bool IsSettled => Delivery is not null || Refusal is not null;
}

/// <summary>Where Kafka has an event, and since when.</summary>
internal sealed record Delivery(int Partition, long Offset, DateTimeOffset At);

/// <summary>Kafka's refusal of one event for what it is, with the event, which is set aside.</summary>
internal sealed record Refusal(OutboxEvent Event, Error Error)
{
    /// <summary>
    /// The refusals that are about the message itself: sent again it would be refused again. Anything else is about Kafka or the way there,
    /// and is waited for.
    /// </summary>
    public static bool IsFinal(Error error) => DeadLetterRecords.IsRefusal(error);
}

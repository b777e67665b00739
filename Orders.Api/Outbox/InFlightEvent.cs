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
}

/// <summary>Where Kafka has an event, and since when.</summary>
internal sealed record Delivery(int Partition, long Offset, DateTimeOffset At);

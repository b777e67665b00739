using System.Diagnostics;
using Orders.Contracts;

namespace Orders.Indexer.Streams;

/// <summary>A record as Kafka delivered it.</summary>
internal sealed record RawEvent(int Partition, long Offset, byte[]? Key, byte[]? Value)
{
    /// <summary>When it was produced, where the broker says so.</summary>
    public DateTimeOffset? ProducedAt { get; init; }

    public IReadOnlyList<DeadLetterHeader>? Headers { get; init; }

    /// <summary>What the record occupies, roughly: value, key and a fixed overhead.</summary>
    public int Size => (Value?.Length ?? 0) + (Key?.Length ?? 0) + 64;
}

/// <summary>A decoded event.</summary>
/// <param name="Raw">Where it came from.</param>
/// <param name="Event">The event.</param>
/// <param name="Data">The bytes of the event's <c>data</c> member exactly as they stand in the record.</param>
/// <param name="ReceivedAt">When it was taken from the consumer.</param>
internal sealed record StreamEvent(RawEvent Raw, OrderEvent Event, ReadOnlyMemory<byte> Data, DateTimeOffset ReceivedAt)
{
    public string OrderId => Event.Data.Id;

    public int Version => Event.Data.Version;

    public int Partition => Raw.Partition;

    /// <summary>False for what is sent again, or was imported with the times of another system: that says nothing about how fast changes
    /// travel.</summary>
    public bool IsFresh => Event.Rebuild is not true && Event.Type != OrderEventTypes.Imported;

    /// <summary>The trace that caused the event, if it is sampled.</summary>
    public ActivityContext? Sampled =>
        ActivityContext.TryParse(Event.TraceParent, null, isRemote: true, out var context)
        && context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? context
            : null;
}

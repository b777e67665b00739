namespace Orders.Contracts;

/// <summary>
/// A message that a consumer can never use, kept whole with the reason. It is the value on the dead-letter topic; the key is
/// the original key. Everything rides in the body: not every broker carries headers.
/// </summary>
public sealed record DeadLetter
{
    /// <summary>The consumer group that gave up on the message.</summary>
    public required string Group { get; init; }

    public required string Topic { get; init; }

    public required int Partition { get; init; }

    public required long Offset { get; init; }

    /// <summary>Stable code, e.g. <c>malformed_json</c>, <c>missing_field</c>, <c>rejected_by_search</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>What exactly was wrong, for people.</summary>
    public required string Detail { get; init; }

    public required DateTimeOffset FailedAt { get; init; }

    public string? TraceParent { get; init; }

    /// <summary>The original key, base 64; null when there was none.</summary>
    public byte[]? Key { get; init; }

    /// <summary>The original value byte for byte, base 64; null for a null value, and for one that does not fit.</summary>
    public byte[]? Value { get; init; }

    /// <summary>Bytes of a value that does not fit into a dead letter and is only at its own position; absent otherwise.</summary>
    public int? OmittedBytes { get; init; }

    /// <summary>When the record was produced, as the broker says; absent where it does not.</summary>
    public DateTimeOffset? ProducedAt { get; init; }

    /// <summary>The original headers in their order; absent when there were none.</summary>
    public IReadOnlyList<DeadLetterHeader>? Headers { get; init; }
}

/// <param name="Name">The header's name; it may stand more than once.</param>
/// <param name="Value">Its bytes, base 64; null for a null value.</param>
public sealed record DeadLetterHeader(string Name, byte[]? Value);

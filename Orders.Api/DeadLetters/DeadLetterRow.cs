using System.Diagnostics;
using System.Text.Json;
using System.Text.Unicode;
using Npgsql;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Api.DeadLetters;

/// <summary>A row of the table; key, value and headers only where they were asked for.</summary>
internal sealed record DeadLetterRow(DeadLetterState State)
{
    public const string Open = "open";
    public const string Retried = "retried";
    public const string Discarded = "discarded";

    public static readonly string[] States = [Open, Retried, Discarded];

    /// <summary>The topics that a record can be sent to again.</summary>
    public static readonly string[] Sendable = [WireNames.Topics.Inbound, WireNames.Topics.OrderEvents];

    public const string Columns = """
        id, topic, consumer, partition, position, reason, detail, state, failed_at, traceparent, octet_length(value), omitted_bytes,
        produced_at, settled_at, settled_by, note, sent_at, sent_partition, sent_position,
        retry_failure
        """;

    public static DeadLetterRow Read(NpgsqlDataReader row, bool whole)
    {
        var state = new DeadLetterState
        {
            Id = row.GetString(0), Topic = row.GetString(1), Group = row.GetString(2), Partition = row.GetInt32(3),
            Offset = row.GetInt64(4), Reason = row.GetString(5), Detail = row.GetString(6), State = row.GetString(7),
            FailedAt = row.GetFieldValue<DateTimeOffset>(8), TraceId = TraceOf(row.TextOrNull(9)),
            ValueBytes = Whole(row, 10) ?? Whole(row, 11), ProducedAt = Instant(row, 12), SettledAt = Instant(row, 13),
            SettledBy = row.TextOrNull(14), Note = row.TextOrNull(15), SentAt = Instant(row, 16), SentPartition = Whole(row, 17),
            SentOffset = row.IsDBNull(18) ? null : row.GetInt64(18), RetryFailure = row.TextOrNull(19),
        };
        if (!whole) return new DeadLetterRow(state);
        return new DeadLetterRow(state with
        {
            Key = Bytes(row, 20), Value = Bytes(row, 21),
            Headers = row.TextOrNull(22) is { } headers ? Headers(headers) : null,
        });
    }

    private static List<DeadLetterState.Header> Headers(string json) =>
    [
        .. JsonSerializer.Deserialize<DeadLetterHeader[]>(json, OrdersJson.Options())!.Select(header =>
            new DeadLetterState.Header(header.Name, header.Value is { } value ? DeadLetterBytes.Of(value) : null)),
    ];

    private static DeadLetterBytes? Bytes(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : DeadLetterBytes.Of(row.GetFieldValue<byte[]>(column));

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static int? Whole(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static string? TraceOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var context) ? context.TraceId.ToHexString() : null;
}

/// <summary>A dead letter on the wire; <c>key</c>, <c>value</c> and <c>headers</c> only where one is asked for.</summary>
internal sealed record DeadLetterState
{
    public required string Id { get; init; }

    /// <summary>The topic of the record that could not be used.</summary>
    public required string Topic { get; init; }

    /// <summary>The consumer group that gave up on it.</summary>
    public required string Group { get; init; }

    public required int Partition { get; init; }

    public required long Offset { get; init; }

    /// <summary>A stable code.</summary>
    public required string Reason { get; init; }

    /// <summary>What exactly was wrong.</summary>
    public required string Detail { get; init; }

    /// <summary><c>open</c>, <c>retried</c> or <c>discarded</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>The trace in which it failed.</summary>
    public string? TraceId { get; init; }

    /// <summary>Bytes of the record's value; absent for a null value.</summary>
    public int? ValueBytes { get; init; }

    /// <summary>When the record was produced, where the broker says so.</summary>
    public DateTimeOffset? ProducedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>The id of the key that retried or discarded it.</summary>
    public string? SettledBy { get; init; }

    /// <summary>What was said when it was discarded.</summary>
    public string? Note { get; init; }

    /// <summary>When it was sent again; absent while that is still to be done.</summary>
    public DateTimeOffset? SentAt { get; init; }

    public int? SentPartition { get; init; }

    public long? SentOffset { get; init; }

    /// <summary>Why Kafka refused the record when it was sent again; absent when it did not. It is open again then.</summary>
    public string? RetryFailure { get; init; }

    public DeadLetterBytes? Key { get; init; }

    public DeadLetterBytes? Value { get; init; }

    public IReadOnlyList<Header>? Headers { get; init; }

    public sealed record Header(string Name, DeadLetterBytes? Value);
}

/// <summary>Bytes as they were.</summary>
/// <param name="Encoding"><c>text</c> for what is UTF-8 without control characters, otherwise <c>base64</c>.</param>
/// <param name="Data">The text itself, or the bytes in base 64.</param>
internal sealed record DeadLetterBytes(string Encoding, string Data)
{
    public static DeadLetterBytes Of(byte[] bytes)
    {
        if (Utf8.IsValid(bytes) && System.Text.Encoding.UTF8.GetString(bytes) is var text
            && text.All(letter => !char.IsControl(letter) || letter is '\n' or '\r' or '\t'))
            return new DeadLetterBytes("text", text);
        return new DeadLetterBytes("base64", Convert.ToBase64String(bytes));
    }
}

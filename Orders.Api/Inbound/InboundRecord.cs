using System.Globalization;
using Confluent.Kafka;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.Inbound;

/// <summary>A record of the inbound topic.</summary>
/// <param name="Topic">Where it stands,</param>
/// <param name="Partition">in which partition</param>
/// <param name="Offset">and at which offset.</param>
/// <param name="Value">Its bytes; null for a tombstone.</param>
/// <param name="ProducedAt">When it was produced, where the broker says so.</param>
internal sealed record InboundRecord(string Topic, int Partition, long Offset, byte[]? Value, DateTimeOffset? ProducedAt)
{
    public static InboundRecord Of(ConsumeResult<string, byte[]> record) => new(
        record.Topic, record.Partition.Value, record.Offset.Value, record.Message.Value,
        DeadLetterRecords.TimeOf(record.Message.Timestamp));

    /// <summary>The source of what names none itself.</summary>
    public string Source => SourceOf(Topic);

    public string Position => PositionOf(Partition, Offset, ProducedAt);

    public static string SourceOf(string topic) => "/kafka/" + topic;

    /// <summary>
    /// Names one record, however often it is delivered. The time is part of it where there is one: a topic that was made anew counts
    /// from zero again.
    /// </summary>
    public static string PositionOf(int partition, long offset, DateTimeOffset? producedAt) => producedAt is { } at
        ? string.Create(CultureInfo.InvariantCulture, $"{partition}/{offset}@{at.ToUnixTimeMilliseconds()}")
        : string.Create(CultureInfo.InvariantCulture, $"{partition}/{offset}");
}

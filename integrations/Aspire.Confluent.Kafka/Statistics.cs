using System.Text.Json.Serialization;

namespace Aspire.Confluent.Kafka;

/// <summary>The part of librdkafka's statistics (STATISTICS.md there) that becomes metrics; counts since the client was made.</summary>
internal sealed record Statistics
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary><c>producer</c> or <c>consumer</c>.</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("replyq")]
    public long ReplyQueue { get; init; }

    [JsonPropertyName("msg_cnt")]
    public long QueuedMessages { get; init; }

    [JsonPropertyName("msg_size")]
    public long QueuedBytes { get; init; }

    [JsonPropertyName("tx")]
    public long Requests { get; init; }

    [JsonPropertyName("tx_bytes")]
    public long RequestBytes { get; init; }

    [JsonPropertyName("rx")]
    public long Responses { get; init; }

    [JsonPropertyName("rx_bytes")]
    public long ResponseBytes { get; init; }

    [JsonPropertyName("txmsgs")]
    public long Sent { get; init; }

    [JsonPropertyName("txmsg_bytes")]
    public long SentBytes { get; init; }

    [JsonPropertyName("rxmsgs")]
    public long Consumed { get; init; }

    [JsonPropertyName("rxmsg_bytes")]
    public long ConsumedBytes { get; init; }
}

[JsonSerializable(typeof(Statistics))]
internal sealed partial class StatisticsJson : JsonSerializerContext;

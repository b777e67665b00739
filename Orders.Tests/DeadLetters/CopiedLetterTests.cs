using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Api.DeadLetters;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Tests.DeadLetters;

/// <summary>What makes two letters the same, and what of a record a letter keeps.</summary>
[Unit]
public sealed class CopiedLetterTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly DeadLetter Letter = new()
    {
        Group = "orders-inbound", Topic = "orders.inbound", Partition = 3, Offset = 1042, Reason = "malformed_json", Detail = "no JSON",
        FailedAt = At, Key = [0xff, 0x00], Value = "not json"u8.ToArray(), ProducedAt = At,
        Headers = DeadLetterRecords.HeadersOf(new Headers { { "a", [0xff] }, { "a", null }, { "b", "text"u8.ToArray() } }),
    };

    [Fact]
    public void A_letter_that_was_written_twice_is_the_same_one() =>
        Assert.Equal(IdOf(Letter), IdOf(Letter with { FailedAt = At.AddHours(1), TraceParent = "another", Detail = "in other words" }));

    public static TheoryData<string> Others => ["group", "topic", "partition", "offset", "key", "value", "time", "no value"];

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_record_or_another_group_is_another_letter(string what) => Assert.NotEqual(IdOf(Letter), IdOf(what switch
    {
        "group" => Letter with { Group = "orders-search" },
        "topic" => Letter with { Topic = "orders.events" },
        "partition" => Letter with { Partition = 4 },
        "offset" => Letter with { Offset = 1043 },
        "key" => Letter with { Key = [0xff] },
        "value" => Letter with { Value = [] },
        // A topic that was made anew counts from zero again.
        "time" => Letter with { ProducedAt = At.AddMilliseconds(1) },
        _ => Letter with { Value = null },
    }));

    [Fact]
    public void Key_value_and_headers_are_the_same_bytes_afterwards()
    {
        var copied = Copy(Write(Letter)).Letter;
        Assert.Equal(Letter.Key, copied.Key);
        Assert.Equal(Letter.Value, copied.Value);
        Assert.Equal(
            [("a", "/w=="), ("a", null), ("b", "dGV4dA==")],
            copied.Headers!.Select(header => (header.Name, header.Value is { } value ? Convert.ToBase64String(value) : null)));
    }

    [Theory]
    [InlineData("hm")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"group":null,"topic":"t","partition":0,"offset":0,"reason":"r","detail":"d","failed_at":"2026-11-21T12:00:00Z"}""")]
    public void What_is_no_letter_is_kept_under_its_own_place(string value)
    {
        var copied = Copy(Encoding.UTF8.GetBytes(value)).Letter;
        Assert.Equal((CopiedLetter.NotALetter, "orders.inbound.dead-letter", 7L), (copied.Reason, copied.Topic, copied.Offset));
        Assert.Equal(value, Encoding.UTF8.GetString(copied.Value!));
    }

    [Theory]
    [InlineData("not json", "text", "not json")]
    [InlineData("zwei\nZeilen ñ 😀", "text", "zwei\nZeilen ñ 😀")]
    [InlineData("a\u0001b", "base64", "YQFi")]
    [InlineData("", "text", "")]
    public void Bytes_are_shown_as_text_where_they_are_text(string value, string encoding, string data) =>
        Assert.Equal(new DeadLetterBytes(encoding, data), DeadLetterBytes.Of(Encoding.UTF8.GetBytes(value)));

    private static string IdOf(DeadLetter letter) => Copy(Write(letter)).Id;

    private static byte[] Write(DeadLetter letter) => JsonSerializer.SerializeToUtf8Bytes(letter, OrdersJson.Default.DeadLetter);

    private static CopiedLetter Copy(byte[] value) => CopiedLetter.Read(new ConsumeResult<string, byte[]>
    {
        TopicPartitionOffset = new TopicPartitionOffset("orders.inbound.dead-letter", 0, 7),
        Message = new Message<string, byte[]> { Key = "k", Value = value },
    }, At);
}

using System.Text;
using System.Text.Json.Nodes;
using Orders.Contracts;
using Orders.Indexer.Streams;

namespace Orders.Tests.Projections;

[Unit]
public sealed class EventDecoderTests
{
    [Fact]
    public void An_event_is_decoded_and_its_data_are_the_very_bytes_of_the_record()
    {
        var order = Sample.Event();

        var taken = Accepted(Sample.Raw(order, partition: 3, offset: 41));

        Assert.Equal("ord-1", taken.OrderId);
        Assert.Equal(1, taken.Version);
        Assert.Equal((3, 41L), (taken.Raw.Partition, taken.Raw.Offset));
        Assert.Equal(
            Encoding.UTF8.GetString(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(order.Data, OrdersJson.Default.OrderState)),
            Encoding.UTF8.GetString(taken.Data.Span));
    }

    [Fact]
    public void Odd_spacing_inside_data_is_kept_byte_for_byte()
    {
        var text = Encoding.UTF8.GetString(Sample.Bytes(Sample.Event()));
        var spaced = text.Replace("\"data\":{", "\"data\" :  {  \"later\" : [ 1 ,2 ] , ", StringComparison.Ordinal);

        var taken = Accepted(Sample.Raw(spaced));

        Assert.StartsWith("{  \"later\" : [ 1 ,2 ] , \"id\":\"ord-1\"", Encoding.UTF8.GetString(taken.Data.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_a_newer_producer_and_unknown_types_pass()
    {
        var taken = Accepted(Sample.Edited(json =>
        {
            json["type"] = "orders.repacked";
            json["later"] = 1;
            json["data"]!["gift"] = new JsonObject { ["wrap"] = true };
        }));

        Assert.Contains("\"gift\":{\"wrap\":true}", Encoding.UTF8.GetString(taken.Data.Span), StringComparison.Ordinal);
        Assert.True(taken.Event.Data.Unknown!.ContainsKey("gift"));
        Assert.True(taken.Event.Unknown!.ContainsKey("later"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_record_without_a_value_is_refused(string? value) =>
        Assert.Equal(
            DeadLetterReasons.EmptyValue,
            Refused(new RawEvent(0, 0, null, value is null ? null : Encoding.UTF8.GetBytes(value))).Reason);

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"data\":")]
    [InlineData("{} {}")]
    [InlineData("\u0000")]
    public void What_is_not_json_is_refused(string value) =>
        Assert.Equal(DeadLetterReasons.MalformedJson, Refused(Sample.Raw(value)).Reason);

    [Fact]
    public void What_is_not_utf8_is_refused()
    {
        var bytes = Sample.Bytes(Sample.Event());
        bytes[bytes.AsSpan().IndexOf("web"u8)] = 0xFF;

        Assert.Equal(DeadLetterReasons.MalformedJson, Refused(new RawEvent(0, 0, null, bytes)).Reason);
    }

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.Equal(
            DeadLetterReasons.MalformedJson,
            Refused(Sample.Raw("{\"data\":" + new string('[', 10_000) + new string(']', 10_000) + "}")).Reason);

    public static TheoryData<string> RequiredFields => ["id", "type", "subject", "time", "data"];

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public void A_missing_field_of_the_event_is_refused(string field) =>
        Assert.Equal(DeadLetterReasons.MissingField, Refused(Sample.Edited(json => json.Remove(field))).Reason);

    public static TheoryData<string> RequiredOrderFields =>
        ["id", "number", "status", "version", "channel", "customer", "destination", "items", "currency", "total",
            "placed_at", "updated_at"];

    [Theory]
    [MemberData(nameof(RequiredOrderFields))]
    public void A_missing_field_of_the_order_is_refused(string field) =>
        Assert.Equal(DeadLetterReasons.MissingField, Refused(Sample.Edited(json => json["data"]!.AsObject().Remove(field))).Reason);

    [Theory]
    [MemberData(nameof(RequiredOrderFields))]
    public void A_null_where_the_order_needs_a_value_is_refused(string field) =>
        Assert.Equal(DeadLetterReasons.InvalidField, Refused(Sample.Edited(json => json["data"]![field] = null)).Reason);

    [Theory]
    [MemberData(nameof(RequiredOrderFields))]
    public void A_wrong_type_in_the_order_is_refused(string field) =>
        Assert.Equal(DeadLetterReasons.InvalidField, Refused(Sample.Edited(json => json["data"]![field] = true)).Reason);

    [Theory]
    [InlineData("status", "\"lost\"")]
    [InlineData("version", "0")]
    [InlineData("version", "2147483648")]
    [InlineData("id", "\"ord-2\"")]
    [InlineData("items", "[null]")]
    [InlineData("placed_at", "\"yesterday\"")]
    public void An_impossible_value_is_refused(string field, string value) =>
        Assert.Equal(DeadLetterReasons.InvalidField, Refused(Sample.Edited(json => json["data"]![field] = JsonNode.Parse(value))).Reason);

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        var text = Encoding.UTF8.GetString(Sample.Bytes(Sample.Event())).Replace("\"web\"", "\"\\ud800\"", StringComparison.Ordinal);

        Assert.Equal(DeadLetterReasons.InvalidField, Refused(Sample.Raw(text)).Reason);
    }

    [Fact]
    public void A_record_under_another_orders_key_is_refused()
    {
        var raw = Sample.Raw(Sample.Event()) with { Key = "ord-2"u8.ToArray() };

        Assert.Equal(DeadLetterReasons.InvalidField, Refused(raw).Reason);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    public void Json_that_is_no_object_is_refused(string value) =>
        Assert.Equal(DeadLetterReasons.InvalidField, Refused(Sample.Raw(value)).Reason);

    [Fact]
    public void A_dead_letter_carries_the_original_bytes_and_where_they_were()
    {
        var rejection = Refused(new RawEvent(7, 99, [0xFF, 0x00], [0xFE]));

        var letter = DeadLetterWriter.Compose("orders-search", rejection, Sample.Noon);

        Assert.Equal(
            ("orders-search", "orders.events", 7, 99L, DeadLetterReasons.MalformedJson, Sample.Noon),
            (letter.Group, letter.Topic, letter.Partition, letter.Offset, letter.Reason, letter.FailedAt));
        Assert.Equal([0xFF, 0x00], letter.Key);
        Assert.Equal([0xFE], letter.Value);
    }

    private static StreamEvent Accepted(RawEvent raw)
    {
        var taken = EventDecoder.Decode(raw, Sample.Noon, out var rejection);
        Assert.True(taken is not null, rejection?.Detail);
        return taken;
    }

    private static Rejection Refused(RawEvent raw)
    {
        Assert.Null(EventDecoder.Decode(raw, Sample.Noon, out var rejection));
        return Assert.IsType<Rejection>(rejection);
    }
}

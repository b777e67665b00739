using System.Globalization;
using System.Text;
using Orders.Api.Inbound;
using Orders.Api.Inbound.Legacy;
using Orders.Contracts;

namespace Orders.Tests.Inbound;

/// <summary>Which form a record has, and what it is called.</summary>
[Unit]
public sealed class InboundReaderTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_764_000_000_123);

    [Fact]
    public void A_bare_record_is_named_after_its_position_and_time()
    {
        var command = Read("""{"customer_id":"12345","amount":250.00}""").Command!;
        Assert.Equal(
            ("3/1042@1764000000123", "/kafka/orders.inbound", InboundCommand.PlaceAmount), (command.Id, command.Source, command.Type));
        Assert.Equal("3/1042", InboundRecord.PositionOf(3, 1042, null));
    }

    [Fact]
    public void A_bare_record_that_names_itself_keeps_its_name() =>
        Assert.Equal("mine", Read("""{"id":"mine","customer_id":"12345","amount":250.00}""").Command!.Id);

    [Theory]
    [InlineData("""{"lsn":24023128}""", """{"lsn":24023129}""")]
    [InlineData("""{"lsn":9}""", """{"lsn":10}""")]
    [InlineData("""{"file":"mysql-bin.000009","pos":900}""", """{"file":"mysql-bin.000010","pos":4}""")]
    [InlineData("""{"file":"mysql-bin.000010","pos":4,"row":0}""", """{"file":"mysql-bin.000010","pos":4,"row":1}""")]
    [InlineData("""{"commit_lsn":"00000027:00000758:0005","change_lsn":"00000027:00000758:0003"}""",
        """{"commit_lsn":"00000027:00000758:0005","change_lsn":"00000027:00000758:0004"}""")]
    [InlineData("""{"ts_ms":999}""", """{"ts_ms":1000}""")]
    [InlineData("""{"scn":"2868546","ts_ns":1764000000000000000}""", """{"scn":"2868547","ts_ns":1764000000000000000}""")]
    [InlineData("""{"scn":"99","ts_ms":2000}""", """{"scn":"100","ts_ms":1000}""")]
    [InlineData("""{"scn":"100","rs_id":"0x00001d.0b9c.0010","ssn":0}""", """{"scn":"100","rs_id":"0x00001d.0b9c.0010","ssn":1}""")]
    [InlineData("""{"ts_ms":1764000000000}""", """{"scn":"1"}""")]
    public void A_later_change_has_a_greater_position(string earlier, string later) =>
        Assert.True(string.CompareOrdinal(Position(earlier), Position(later)) < 0);

    [Theory]
    [InlineData("""{"lsn":null,"ts_ms":1000}""")]
    [InlineData("""{"lsn":"later","ts_ms":1000}""")]
    public void A_change_whose_place_among_numbered_ones_is_not_known_is_refused(string source)
    {
        var full = source.Insert(1, "\"name\":\"legacy\",\"table\":\"orders\",");
        var asked = Read(string.Create(CultureInfo.InvariantCulture, $$"""{"op":"c","after":{"id":1},"source":{{full}}}"""));
        Assert.Equal(InboundRefusal.MalformedData, asked.Refusal?.Reason);
    }

    [Theory]
    [InlineData("paid      ", OrderStatus.Paid)]
    [InlineData("  NEW ", OrderStatus.Placed)]
    [InlineData("completed\t", OrderStatus.Delivered)]
    public void A_status_is_the_same_however_its_column_fills_it_up(string name, OrderStatus status) =>
        Assert.Equal(status, new LegacyOptions().StatusOf(name));

    [Fact]
    public void Every_way_through_the_lifecycle_is_found_and_no_other()
    {
        foreach (var from in Enum.GetValues<OrderStatus>())
        {
            foreach (var to in Enum.GetValues<OrderStatus>())
            {
                var at = from;
                for (var i = 0; at != to && LegacyRoute.Next(at, to) is { } next; i++)
                {
                    Assert.True(i < 10, $"{from} to {to} goes round");
                    at = next;
                }

                var open = from is OrderStatus.Placed || from == to
                    || (from, to) is (OrderStatus.Confirmed, not OrderStatus.Placed)
                        or (OrderStatus.Paid, OrderStatus.Shipped or OrderStatus.Delivered or OrderStatus.Returned or OrderStatus.Cancelled)
                        or (OrderStatus.Shipped, OrderStatus.Delivered or OrderStatus.Returned)
                        or (OrderStatus.Delivered, OrderStatus.Returned);
                Assert.True(open == (at == to), $"{from} to {to}");
            }
        }
    }

    private static InboundAsk Read(string value) =>
        InboundReader.Read(new InboundRecord(WireNames.Topics.Inbound, 3, 1042, Encoding.UTF8.GetBytes(value), At));

    private static string Position(string source)
    {
        var full = source.Insert(1, "\"name\":\"legacy\",\"table\":\"orders\",");
        return Read(string.Create(CultureInfo.InvariantCulture, $$"""{"op":"c","after":{"id":1},"source":{{full}}}""")).Change!.Position;
    }
}

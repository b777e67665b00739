using System.Text;
using Orders.Api.Features.Bulk;

namespace Orders.Tests.Bulk;

/// <summary>Lines that are not accepted: each names the field and the reason.</summary>
[Unit]
public sealed class ImportRejectionTests
{
    private static readonly DateTimeOffset Latest = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("external_id", null, "external_id", "is required")]
    [InlineData("external_id", "\"\"", "external_id", "must not be empty")]
    [InlineData("external_id", "\"a\\u0007b\"", "external_id", "control characters")]
    [InlineData("id", "\"ord-1\"", "id", "must be 'ord-' and a UUID")]
    [InlineData("id", "\"ord-018F33A5-F900-7000-8000-000000000000\"", "id", "lower case")]
    [InlineData("number", "\"ABCD-IIII\"", "number", "must be XXXX-XXXX")]
    [InlineData("status", null, "status", "is required")]
    [InlineData("status", "\"Paid\"", "status", "must be one of placed")]
    [InlineData("version", "0", "version", "must be between 1 and")]
    [InlineData("placed_at", null, "placed_at", "is required")]
    [InlineData("placed_at", "\"2024-05-01T10:00:00\"", "placed_at", "with its offset")]
    [InlineData("placed_at", "\"2024-05-01\"", "placed_at", "with its offset")]
    [InlineData("placed_at", "\"2024-05-32T10:00:00Z\"", "placed_at", "with its offset")]
    [InlineData("placed_at", "\"1969-12-31T23:59:59Z\"", "placed_at", "1970")]
    [InlineData("placed_at", "\"2027-01-01T00:00:01Z\"", "placed_at", "future")]
    [InlineData("updated_at", "\"2027-01-01T00:00:01Z\"", "updated_at", "future")]
    [InlineData("updated_at", "\"2024-05-01T09:59:59Z\"", "updated_at", "not be earlier")]
    [InlineData("confirmed_at", "\"2024-05-01T10:00:00Z\"", "confirmed_at", "must be absent: an order that is placed")]
    [InlineData("currency", null, "currency", "is required")]
    [InlineData("currency", "\"eur\"", "currency", "ISO 4217")]
    [InlineData("currency", "\"ZZZ\"", "currency", "ISO 4217")]
    [InlineData("customer", null, "customer", "is required")]
    [InlineData("customer.name", "\" \"", "customer.name", "must not be empty")]
    [InlineData("customer.phone", null, "customer.phone", "is required")]
    [InlineData("destination", null, "destination", "is required")]
    [InlineData("destination.id", null, "destination.id", "is required")]
    [InlineData("destination.lat", "\"40.4\"", "destination.lat", "wrong type")]
    [InlineData("items", "[]", "items", "at least one line")]
    [InlineData("items[1].line", "1", "items[1].line", "must be 2")]
    [InlineData("items[1].product_id", null, "items[1].product_id", "is required")]
    [InlineData("items[0].unit_price", "10.001", "items[0].unit_price", "at most 2 decimals")]
    [InlineData("items[0].unit_price", "-1", "items[0].unit_price", "between 0 and")]
    [InlineData("items[0].quantity", "1001", "items[0].quantity", "between 1 and 1000")]
    [InlineData("items[0].quantity", "1.5", "items[0].quantity", "wrong type")]
    [InlineData("items[0].weight", "0.0001", "items[0].weight", "at most 3 decimals")]
    [InlineData("items[0].total", "20.01", "items[0].total", "must be 20.00: unit_price x quantity")]
    [InlineData("items[0].discount", "20.01", "items[0].discount", "must be at most 20.00")]
    [InlineData("items[0].shipped", "3", "items[0].shipped", "between 0 and 2")]
    [InlineData("items[0].shipped", "1", "items[0].shipped", "must be absent: the order is placed")]
    [InlineData("items[0].colour", "\"red\"", "items[0].colour", "is not a known field")]
    [InlineData("subtotal", "20.29", "subtotal", "must be 20.30: the sum of the items' totals")]
    [InlineData("discount", "20.31", "discount", "must be at most the subtotal, 20.30")]
    [InlineData("shipping", "1.999", "shipping", "at most 2 decimals")]
    [InlineData("total", "20.31", "total", "must be 20.30: subtotal - discount + shipping")]
    [InlineData("tax", "4.26", "tax", "must be 3.52: the VAT contained in the total")]
    [InlineData("total_weight", "1", "total_weight", "must be 0.000")]
    [InlineData("payment", "{}", "payment", "must be absent: an order that is placed was not paid")]
    [InlineData("refunded", "1", "refunded", "was not paid")]
    [InlineData("unknown", "1", "unknown", "is not a known field")]
    public void A_field_that_is_wrong_is_named(string path, string? json, string field, string reason) =>
        AssertRejected(ImportLineTests.With((path, json)), field, reason);

    [Theory]
    [InlineData("paid_at", "\"2024-05-01T09:00:00Z\"", "paid_at", "must not be earlier than confirmed_at")]
    [InlineData("shipped_at", "\"2024-05-01T10:00:00Z\"", "shipped_at", "must be absent: an order that is paid has none")]
    [InlineData("version", "2", "version", "must be at least 3")]
    [InlineData("payment", """{"amount":20}""", "payment.amount", "must be 20.30: the order's total")]
    [InlineData("payment", """{"at":"2024-05-02T00:00:00Z"}""", "", "")]
    [InlineData("refunds", """[{"amount":0,"at":"2024-05-02T00:00:00Z"}]""", "refunds[0].amount", "more than 0")]
    [InlineData("refunds", """[{"amount":1}]""", "refunds[0].at", "is required")]
    [InlineData("refunds", """[{"amount":1,"at":"2024-04-02T00:00:00Z"}]""", "refunds[0].at", "must not be earlier than paid_at")]
    [InlineData("refunds", """[{"amount":20.31,"at":"2024-05-02T00:00:00Z"}]""", "refunds", "at most the payment together, 20.30")]
    [InlineData("refunded", "1", "refunded", "must be 0.00: the sum of the refunds")]
    [InlineData("items[0].returned", "1", "items[0].returned", "must be at most 0: no more could")]
    [InlineData("items[0].cancelled", "3", "items[0].cancelled", "between 0 and 2")]
    [InlineData("owed", "1", "owed", "must be 0")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-02T00:00:00Z","lines":[]}]""", "shipments[0].lines", "at least one")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-02T00:00:00Z","lines":[{"line":3,"quantity":1}]}]""",
        "shipments[0].lines", "line 3 is no line of the order")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-02T00:00:00Z","lines":[{"line":1,"quantity":1},{"line":1,"quantity":1}]}]""",
        "shipments[0].lines", "line 1 stands more than once")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-02T00:00:00Z","lines":[{"line":1,"quantity":3}]}]""",
        "shipments", "more than 2 pieces of line 1")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-02T00:00:00Z","lines":[{"line":1,"quantity":2},{"line":2,"quantity":3}]}]""",
        "status", "must be shipped")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-01T00:00:00Z","lines":[{"line":1,"quantity":1}]}]""",
        "shipments[0].at", "must not be earlier")]
    [InlineData("shipments", """[{"at":"2024-05-02T00:00:00Z","lines":[{"line":1,"quantity":1}]}]""",
        "shipments[0].carrier", "is required")]
    public void A_paid_order_has_to_add_up(string path, string json, string field, string reason)
    {
        var line = ImportLineTests.With(("status", "\"paid\""), (path, json));
        if (field.Length > 0) AssertRejected(line, field, reason);
        else ImportLineTests.Accepted(line);
    }

    [Theory]
    [InlineData("items[0].shipped", "1", "items[0].shipped", "must be 2: the order is delivered")]
    [InlineData("items[0].returned", "3", "items[0].returned", "between 0 and 2")]
    [InlineData("shipments", """[{"carrier":"S","at":"2024-05-02T00:00:00Z","lines":[{"line":1,"quantity":2}]}]""",
        "items[1].shipped", "must be 3")]
    [InlineData("returns", """[{"at":"2024-05-02T00:00:00Z","lines":[{"line":1,"quantity":2},{"line":2,"quantity":3}]}]""",
        "status", "must be returned")]
    [InlineData("cancelled_at", "\"2024-05-02T00:00:00Z\"", "cancelled_at", "must be absent")]
    public void A_delivered_order_has_to_add_up(string path, string json, string field, string reason) =>
        AssertRejected(ImportLineTests.With(("status", "\"delivered\""), (path, json)), field, reason);

    [Theory]
    [InlineData("{", "line", "is not valid JSON (byte 2)")]
    [InlineData("null", "line", "must be an object")]
    [InlineData("[]", "line", "must be an object")]
    [InlineData("7", "line", "must be an object")]
    [InlineData("{} {}", "line", "is not valid JSON")]
    [InlineData("{\"status\":\"placed\",\"status\":\"paid\"}", "status", "stands more than once")]
    [InlineData("{\"reason\":\"\\ud800\"}", "reason", "")]
    [InlineData("{\"Status\":\"placed\"}", "Status", "is not a known field")]
    public void What_is_no_order_at_all_is_malformed(string line, string field, string reason)
    {
        var read = ImportLineReader.Read(Encoding.UTF8.GetBytes(line), Latest);

        Assert.Null(read.Order);
        Assert.Equal("malformed", read.Code);
        Assert.Equal(field, read.Errors.Single().Field);
        Assert.Contains(reason, read.Errors.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_listed_up_to_ten()
    {
        var read = ImportLineReader.Read("""{"external_id":"old-9"}"""u8, Latest);

        Assert.Equal(("invalid", "old-9"), (read.Code, read.ExternalId));
        Assert.Equal(["currency", "customer", "destination", "items", "placed_at", "status"], read.Errors.Select(error =>
            error.Field).Order());

        var hundred = ImportLineTests.With(("items", "[" + string.Join(',', Enumerable.Repeat("{}", 100)) + "]"));
        Assert.Equal(10, ImportLineReader.Read(Encoding.UTF8.GetBytes(hundred), Latest).Errors.Count);
    }

    [Fact]
    public void An_amount_has_the_decimals_of_its_currency()
    {
        AssertRejected(ImportLineTests.With(("currency", "\"JPY\""), ("items[1].unit_price", "100.50")), "items[1].unit_price",
            "at most 0 decimals");
        AssertRejected(ImportLineTests.With(("currency", "\"KWD\""), ("shipping", "1.0005")), "shipping", "at most 3 decimals");
        var dinars = ImportLineTests.Accepted(ImportLineTests.With(("currency", "\"KWD\""), ("items[1].unit_price", "1.005")));
        Assert.Equal((3.015m, 23.015m, 3.994m), (dinars.Items[1].Total, dinars.Total, dinars.Tax));
        var yen = ImportLineTests.Accepted(ImportLineTests.With(("currency", "\"JPY\""), ("items[1].unit_price", "100")));
        Assert.Equal((320m, 56m), (yen.Total, yen.Tax));
    }

    [Fact]
    public void What_no_column_holds_is_named_although_a_discount_hides_it()
    {
        AssertRejected(ImportLineTests.With(("items[0].unit_price", "9999999"), ("items[0].quantity", "1000"),
            ("items[1].unit_price", "9999999"), ("items[1].quantity", "1000"), ("discount", "19999998000")), "discount", "between 0 and");
        AssertRejected(ImportLineTests.With(("items[0].unit_price", "9999999"), ("items[0].quantity", "1000"),
            ("items[1].unit_price", "9999999"), ("items[1].quantity", "1000"), ("items[0].discount", "9999999000")), "items",
            "must cost at most");
        AssertRejected(ImportLineTests.With(("items[0].unit_price", "9999999999"), ("items[0].discount", "9999999999")), "items",
            "must cost at most");
    }

    private static void AssertRejected(string line, string field, string reason)
    {
        var read = ImportLineReader.Read(Encoding.UTF8.GetBytes(line), Latest);

        Assert.True(read.Order is null, "the line was accepted: " + line);
        Assert.True(read.Errors.Any(error => error.Field == field && error.Reason.Contains(reason, StringComparison.Ordinal)),
            $"wanted {field}: {reason}; got {string.Join("; ", read.Errors)}");
    }
}

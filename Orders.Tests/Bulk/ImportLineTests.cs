using System.Text;
using System.Text.Json.Nodes;
using Orders.Api.Domain;
using Orders.Api.Features.Bulk;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Tests.Bulk;

[Unit]
public sealed class ImportLineTests
{
    internal const string Least = """
        {"external_id":"old-1","status":"placed","placed_at":"2024-05-01T10:00:00Z","currency":"EUR",
        "customer":{"id":"c-1","name":"Ana Ruiz","email":"ana@example.com","phone":"+34600000000"},"destination":{"id":"a-1"},
        "items":[{"product_id":"p-1","name":"Lamp","unit_price":10,"quantity":2},
        {"product_id":"p-2","name":"Chair","unit_price":0.1,"quantity":3}]}
        """;

    private static readonly DateTimeOffset Latest = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_order_that_can_come_to_be_is_read_back_byte_for_byte()
    {
        var seed = Random.Shared.Next();
        var lives = new OrderLives(seed);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = OrderBytes.Of(lives.Next());

            var read = ImportLineReader.Read(bytes, Latest);

            Assert.True(read.Order is not null, $"seed {seed}: {string.Join("; ", read.Errors)}: {Encoding.UTF8.GetString(bytes)}");
            Assert.True(bytes.AsSpan().SequenceEqual(OrderBytes.Of(read.Order)),
                $"seed {seed}: {Encoding.UTF8.GetString(bytes)} became {Encoding.UTF8.GetString(OrderBytes.Of(read.Order))}");
            Assert.False(read.NumberIsDerived);
        }
    }

    [Fact]
    public void What_is_left_out_is_derived()
    {
        var order = Accepted(Least);

        Assert.Equal("""
            {"status":"placed","version":1,"channel":"import","customer":{"id":"c-1","name":"Ana Ruiz","email":"ana@example.com",
            "phone":"+34600000000"},"destination":{"id":"a-1","road":"","house_number":"","neighborhood":"","suburb":"","city_district":"",
            "state":"","postcode":"","country":""},"items":[{"line":1,"product_id":"p-1","sku":"","name":"Lamp","description":"",
            "category":"","unit_price":10.00,"weight":0.000,"quantity":2,"total":20.00},{"line":2,"product_id":"p-2","sku":"",
            "name":"Chair","description":"","category":"","unit_price":0.10,"weight":0.000,"quantity":3,"total":0.30}],"currency":"EUR",
            "subtotal":20.30,"discount":0.00,"shipping":0.00,"tax":3.52,"total":20.30,"total_weight":0.000,
            "placed_at":"2024-05-01T10:00:00.000000Z","updated_at":"2024-05-01T10:00:00.000000Z"}
            """.ReplaceLineEndings(""), Without(order, "id", "number", "external_id"));
        Assert.True(OrderIds.IsId(order.Id), order.Id);
        Assert.True(OrderIds.IsNumber(order.Number), order.Number);
        // The milliseconds of placing, so that imported orders sort among the others.
        Assert.StartsWith("ord-018f3398-c100-7", order.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_line_is_the_same_order_and_another_external_id_is_another()
    {
        var order = Accepted(Least);
        var other = Accepted(Least.Replace("old-1", "old-2", StringComparison.Ordinal));

        Assert.Equal(OrderBytes.Of(order), OrderBytes.Of(Accepted(Least)));
        Assert.NotEqual(order.Id, other.Id);
        Assert.NotEqual(order.Number, other.Number);
    }

    [Fact]
    public void An_order_that_was_returned_went_through_every_step()
    {
        var order = Accepted(With(("status", "\"returned\""), ("delivered_at", "\"2024-05-04T10:00:00\\u002B02:00\""), ("shipping", "4"),
            ("refunds", """[{"amount":24.3,"at":"2024-06-01T00:00:00Z"}]""")));

        var placed = new DateTimeOffset(2024, 5, 1, 10, 0, 0, TimeSpan.Zero);
        var delivered = new DateTimeOffset(2024, 5, 4, 8, 0, 0, TimeSpan.Zero);
        Assert.Equal((placed, placed, placed), (order.ConfirmedAt, order.PaidAt, order.ShippedAt));
        Assert.Equal((delivered, delivered), (order.DeliveredAt, order.ReturnedAt));
        Assert.Equal(new DateTimeOffset(2024, 6, 1, 0, 0, 0, TimeSpan.Zero), order.UpdatedAt);
        Assert.Equal(new PaymentState { Method = "unknown", Amount = 24.30m, At = placed }, order.Payment);
        Assert.Equal(6, order.Version);
        Assert.All(order.Items, item => Assert.Equal((item.Quantity, item.Quantity), (item.Shipped, item.Returned)));
        Assert.Equal(24.30m, order.Refunded);
        Assert.StartsWith("ref-018fd118-9400-7", order.Refunds!.Single().Id, StringComparison.Ordinal);
        Assert.Null(order.FailedAt);
        Assert.Null(order.CancelledAt);
    }

    [Fact]
    public void Parcels_count_the_pieces()
    {
        var order = Accepted(With(("status", "\"paid\""), ("shipments", """
            [{"carrier":"SEUR","at":"2024-05-02T00:00:00Z","lines":[{"line":2,"quantity":1}]},
             {"carrier":"SEUR","at":"2024-05-03T00:00:00Z","lines":[{"line":1,"quantity":2},{"line":2,"quantity":1}]}]
            """)));

        Assert.Equal([2, 2], order.Items.Select(item => item.Shipped));
        Assert.Equal(2, order.Shipments!.Select(parcel => parcel.Id).Distinct().Count());
        Assert.Equal(new DateTimeOffset(2024, 5, 3, 0, 0, 0, TimeSpan.Zero), order.UpdatedAt);
    }

    [Fact]
    public void A_discount_without_shares_is_divided_among_the_lines()
    {
        var order = Accepted(With(("discount", "5.01"), ("discount_code", "\"OLD\"")));

        Assert.Equal(5.01m, order.Items.Sum(item => item.Discount));
        Assert.Equal(15.29m, order.Total);
        Assert.Equal(2.65m, order.Tax);
    }

    [Fact]
    public void An_order_keeps_its_own_rates()
    {
        // 16 %, as in Spain until 2010.
        var flat = Accepted(With(("tax", "2.8")));
        Assert.Equal((2.80m, 16m), (flat.Tax, flat.ShippingTaxRate!.Value));
        Assert.All(flat.Items, item => Assert.Equal(16m, item.TaxRate));
        Assert.Equal(flat.Tax, flat.Items.Sum(item => item.Tax));
        Assert.Equal(OrderBytes.Of(flat), OrderBytes.Of(Accepted(Encoding.UTF8.GetString(OrderBytes.Of(flat)))));

        var mixed = Accepted(With(
            ("items[0].tax_rate", "4"), ("items[1].tax_rate", "10"), ("shipping", "1.16"), ("shipping_tax_rate", "16")));
        Assert.Equal([0.77m, 0.03m], mixed.Items.Select(item => item.Tax!.Value));
        Assert.Equal(0.96m, mixed.Tax);
    }

    [Fact]
    public void A_cancelled_order_was_paid_if_it_says_so()
    {
        Assert.Null(Accepted(With(("status", "\"cancelled\""))).Payment);

        var paid = Accepted(With(("status", "\"cancelled\""), ("paid_at", "\"2024-05-02T00:00:00.1234567Z\"")));

        Assert.Equal(20.30m, paid.Payment!.Amount);
        Assert.Equal(4, paid.Version);
        Assert.Equal(paid.PaidAt, paid.CancelledAt);
        // Cut to the microseconds that are kept.
        Assert.Equal(1_234_560, paid.PaidAt!.Value.Ticks % TimeSpan.TicksPerSecond);
    }

    internal static string With(params (string Path, string? Json)[] changes) => With(Least, changes);

    /// <summary>The line with a field set, e.g. <c>items[0].total</c>, or taken away.</summary>
    internal static string With(string line, params (string Path, string? Json)[] changes)
    {
        var root = JsonNode.Parse(line)!;
        foreach (var (path, json) in changes)
        {
            var steps = path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Split('.');
            var parent = steps.SkipLast(1).Aggregate(root, (node, step) => int.TryParse(step, out var index) ? node[index]! : node[step]!);
            if (json is null) parent.AsObject().Remove(steps[^1]);
            else parent[steps[^1]] = JsonNode.Parse(json);
        }

        return root.ToJsonString(OrdersJson.Options());
    }

    internal static OrderState Accepted(string line)
    {
        var read = ImportLineReader.Read(Encoding.UTF8.GetBytes(line), Latest);
        return read.Order ?? throw new InvalidOperationException(string.Join("; ", read.Errors));
    }

    private static string Without(OrderState order, params string[] fields)
    {
        var json = JsonNode.Parse(OrderBytes.Of(order))!.AsObject();
        foreach (var field in fields) json.Remove(field);
        return json.ToJsonString(OrdersJson.Options());
    }
}

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

/// <summary>An edit applies what was agreed; only what is added is bought today.</summary>
[Unit]
public sealed class EditingTests
{
    [Theory]
    [InlineData(2, "20.00", "X")]
    [InlineData(1, "10.00", "X")]
    [InlineData(5, "50.00", "X")]
    public void A_code_keeps_its_terms(int quantity, string discount, string code)
    {
        var order = Ordered(new Discount { Code = "X", Percent = 10, MinSubtotal = 0, Uses = 0, Active = true });
        var edited = Edited(order, ("pro-1", quantity));
        Assert.Equal((Number(discount), code), (edited.Discount, edited.DiscountCode));
    }

    [Fact]
    public void A_code_that_the_goods_no_longer_reach_is_edited_away_and_does_not_come_back()
    {
        var order = Ordered(new Discount { Code = "X", Amount = 30, MinSubtotal = 150, Uses = 0, Active = true });
        var smaller = Edited(order, ("pro-1", 1));
        Assert.Equal((0.00m, null, null), (smaller.Discount, smaller.DiscountCode, smaller.DiscountTerms));
        Assert.Equal(0.00m, Edited(smaller, ("pro-1", 2)).Discount);
    }

    [Theory]
    [InlineData(2, "5.00")]
    [InlineData(1, "2.50")]
    [InlineData(4, "5.00")]
    public void A_discount_without_terms_belongs_to_its_pieces(int quantity, string discount)
    {
        var order = Ordered(null);
        order = Sums.Of(order, [order.Items[0] with { Discount = 5.00m }], order.Shipping) with { DiscountCode = "GONE" };
        var edited = Edited(order, ("pro-1", quantity));
        Assert.Equal((Number(discount), "GONE"), (edited.Discount, edited.DiscountCode));
        Assert.Equal(edited.Discount, edited.Items.Sum(item => item.Discount));
    }

    [Fact]
    public void Added_pieces_have_todays_price_on_a_line_of_their_own()
    {
        var order = Edited(Sample.Placed((Sample.Product(price: 10m), 1)), Sample.Product(price: 100m), ("pro-1", 50));
        Assert.Equal([(1, 1, 10.00m), (2, 49, 100.00m)], order.Items.Select(item => (item.Line, item.Quantity, item.UnitPrice)));
        Assert.Equal(4910.00m, order.Subtotal);
        var fewer = Edited(order, Sample.Product(price: 100m), ("pro-1", 30));
        Assert.Equal([(1, 10.00m), (29, 100.00m)], fewer.Items.Select(item => (item.Quantity, item.UnitPrice)));
        // At the same price they join the line.
        var more = Edited(order, Sample.Product(price: 100m), ("pro-1", 60));
        Assert.Equal([(1, 10.00m), (59, 100.00m)], more.Items.Select(item => (item.Quantity, item.UnitPrice)));
    }

    [Theory]
    [InlineData(new[] { 1, 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 2 }, new[] { 1, 1 })]
    [InlineData(new[] { 1 }, new[] { 1 })]
    public void A_product_on_two_lines_stays_on_two_lines(int[] entries, int[] quantities)
    {
        var order = Sample.Placed((Sample.Product(price: 10m), 1), (Sample.Product(price: 4m), 1));
        var edited = Edited(order, [.. entries.Select(quantity => ("pro-1", quantity))]);
        Assert.Equal(quantities, edited.Items.Select(item => item.Quantity));
        Assert.Equal(new[] { 10.00m, 4.00m }.Take(quantities.Length), edited.Items.Select(item => item.UnitPrice));
    }

    [Theory]
    [InlineData("EUR", 2, "12.50")]
    [InlineData("EUR", 1, "10.50")]
    [InlineData("JPY", 1, "12.50")]
    public void Shipping_is_as_agreed_and_changes_by_what_the_edit_changes(string currency, int quantity, string shipping)
    {
        var order = Sample.Placed((Sample.Product(price: 10m), 2)) with { Shipping = 12.50m, Currency = currency };
        Assert.Equal(Number(shipping), Edited(order, ("pro-1", quantity)).Shipping);
    }

    [Fact]
    public void A_discount_of_everything_does_not_hide_a_sum_that_no_column_holds()
    {
        var lines = Enumerable.Range(1, 11).Select(n => (Sample.Product($"pro-{n}", 999_999.99m), 1000)).ToArray();
        var code = new Discount { Code = "X", Percent = 100, MinSubtotal = 0, Uses = 0, Active = true };
        Assert.Equal("items", Assert.IsType<OrderError.Unusable>(
            Order.Place(Sample.Draft(lines) with { Discount = code }, Sample.Prices, Sample.Noon).Error).Field);
        var heavy = Enumerable.Range(1, 100).Select(n => (Sample.Product($"pro-{n}", 0m, 10_000m), 1000)).ToArray();
        Assert.Contains("weight", Assert.IsType<OrderError.Unusable>(
            Order.Place(Sample.Draft(heavy), Sample.Prices, Sample.Noon).Error).Reason, StringComparison.Ordinal);
        var small = Sample.Placed((Sample.Product("pro-1", 999_999.99m), 1));
        Assert.IsType<OrderError.Unusable>(small.Edit(new OrderEdit(null, [.. lines.Select(line => (line.Item1.Id, line.Item2))],
            lines.ToDictionary(line => line.Item1.Id, line => line.Item1)), Sample.Prices, Sample.Noon).Error);
    }

    [Fact]
    public void Pieces_that_never_came_from_the_shelf_never_go_there()
    {
        var order = Sample.Placed((Sample.Product(price: 10m), 5));
        order = order with { Items = [order.Items[0] with { Taken = 0 }] };
        var grown = Change(order, ("pro-1", 8));
        Assert.Equal([new StockMove("pro-1", 3)], grown.Stock);
        Assert.Equal([new StockMove("pro-1", -3)], grown.Order.Cancel(null, Sample.Noon).Value!.Stock);
        var smaller = Change(grown.Order, ("pro-1", 4));
        Assert.Equal([new StockMove("pro-1", -3)], smaller.Stock);
        Assert.Empty(smaller.Order.Cancel(null, Sample.Noon).Value!.Stock);
        Assert.Empty(order.Cancel(null, Sample.Noon).Value!.Stock);
    }

    [Fact]
    public void Returned_pieces_go_back_as_far_as_they_were_taken()
    {
        var order = Sample.InStatus(OrderStatus.Delivered);
        order = order with { Items = [order.Items[0] with { Taken = 1 }, order.Items[1]] };
        var change = order.Return([new LineQuantity(1, 2), new LineQuantity(2, 1)], null, Sample.Noon).Value!;
        Assert.Equal([new StockMove("pro-1", -1), new StockMove("pro-2", -1)], change.Stock);
        Assert.Equal([new StockMove("pro-2", -1)], change.Order.Return(null, null, Sample.Noon).Value!.Stock);
    }

    [Fact]
    public void A_shipped_piece_keeps_an_order_from_being_cancelled_whatever_parcels_are_known()
    {
        var order = Sample.InStatus(OrderStatus.Paid);
        order = order with { Items = [order.Items[0] with { Shipped = 1 }, order.Items[1]] };
        Assert.IsType<OrderError.PartlyShipped>(order.Cancel(null, Sample.Noon).Error);
    }

    private static OrderChange Change(OrderState order, params (string, int)[] lines) => order.Edit(new OrderEdit(null, lines,
        new Dictionary<string, Product> { ["pro-1"] = Sample.Product(price: 10m) }), Sample.Prices, Sample.Noon).Value!;

    private static OrderState Ordered(Discount? code) => Order.Place(
        Sample.Draft((Sample.Product(price: 100m), 2)) with { Discount = code }, Sample.Prices, Sample.Noon).Value!.Order;

    private static OrderState Edited(OrderState order, params (string, int)[] lines) =>
        Edited(order, Sample.Product(price: order.Items[0].UnitPrice), lines);

    private static OrderState Edited(OrderState order, Product today, params (string, int)[] lines) =>
        order.Edit(
            new OrderEdit(null, lines, new Dictionary<string, Product> { ["pro-1"] = today }), Sample.Prices, Sample.Noon).Value!.Order;

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

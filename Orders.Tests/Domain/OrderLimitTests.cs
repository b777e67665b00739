using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Api.Persistence;
using Orders.Contracts;

namespace Orders.Tests.Domain;

/// <summary>How large an order may become, so that its event fits.</summary>
[Unit]
public sealed class OrderLimitTests
{
    private static readonly OrderLimits Limits = new(EventBytes: 100_000, Refunds: 2, Parcels: 2, Returns: 2);

    [Fact]
    public void Refunds_parcels_and_returns_are_counted_and_the_last_allowed_one_goes_in()
    {
        var paid = Sample.InStatus(OrderStatus.Paid);
        var parcels = Repeated(paid, order => order.Ship("SEUR", null, [new LineQuantity(1, 1)], Sample.Noon.AddHours(4)));
        Assert.Equal([null, null, "shipments"], parcels);

        var delivered = Sample.InStatus(OrderStatus.Delivered);
        Assert.Equal([null, null, "refunds"], Repeated(delivered, order => order.Refund(1m, null, null, Sample.Noon.AddHours(5))));
        Assert.Equal([null, null, "returns"],
            Repeated(delivered, order => order.Return([new LineQuantity(1, 1)], null, Sample.Noon.AddHours(5))));
    }

    [Fact]
    public void An_order_that_has_too_much_already_can_still_be_moved()
    {
        var shipped = Sample.InStatus(OrderStatus.Shipped);
        var full = shipped with { Refunds = [.. Enumerable.Range(0, 3).Select(_ => Refund())] };
        Assert.Null(Limits.Refusal(full.Deliver(Sample.Noon.AddHours(5)).Value!, 1000));
        Assert.Equal("refunds", Limits.Refusal(full.Refund(1m, null, null, Sample.Noon.AddHours(5)).Value!, 1000)?.Field);
    }

    public static TheoryData<string> Growing => ["place", "edit", "address", "ship", "return", "refund"];

    [Theory]
    [MemberData(nameof(Growing))]
    public void What_lets_an_order_grow_is_refused_when_its_event_would_not_fit(string what)
    {
        var change = Change(what);
        Assert.Null(Limits.Refusal(change, 100_000));
        var refusal = Limits.Refusal(change, 100_001);
        Assert.Equal("order", refusal?.Field);
        Assert.Contains("100001 bytes, and at most 100000 fit", refusal!.Reason, StringComparison.Ordinal);
    }

    public static TheoryData<string> Moving => ["confirm", "pay", "deliver", "cancel", "fail"];

    [Theory]
    [MemberData(nameof(Moving))]
    public void A_full_order_has_room_for_its_moves_and_no_more(string what)
    {
        var change = Change(what);
        Assert.Null(Limits.Refusal(change, 100_001));
        Assert.Null(Limits.Refusal(change, 100_000 + OrderLimits.MoveBytes));
        Assert.Equal("order", Limits.Refusal(change, 100_001 + OrderLimits.MoveBytes)?.Field);
    }

    [Fact]
    public void All_moves_with_the_longest_texts_together_need_less_room_than_they_have()
    {
        var order = Sample.InStatus(OrderStatus.Placed);
        var before = OrderPayload.Of(new OrderChange(order, OrderEventTypes.Placed)).Event.Length;
        order = order.Confirm(Sample.Noon.AddHours(1)).Value!.Order;
        order = order.Pay(Longest(32), Longest(128), order.Total, Sample.Noon.AddHours(2)).Value!.Order;
        var cancelled = order.Cancel(Longest(500), Sample.Noon.AddHours(3)).Value!;
        Assert.InRange(OrderPayload.Of(cancelled).Event.Length - before, 1, OrderLimits.MoveBytes / 4);
    }

    [Fact]
    public void As_many_lines_as_an_order_may_have_fit_with_the_longest_texts()
    {
        var limits = new ApiOptions();
        var product = Sample.Product("pro-1", 999_999.99m, 10_000m);
        var lines = Enumerable.Range(0, limits.OrderLinesMax).Select(i => (new Product
        {
            Id = $"pro-{i}{Longest(58)}", Sku = Longest(64), Name = Longest(200), Description = Longest(4000), Category = Longest(200),
            Manufacturer = "", Price = 1m, Currency = "EUR", Weight = 1m, Stock = 1, Active = true, CreatedAt = product.CreatedAt,
            UpdatedAt = product.UpdatedAt,
        }, 1)).ToArray();
        var placed = Order.Place(Sample.Draft(lines), Sample.Prices, Sample.Noon).Value!;
        Assert.Null(ApiLimits.Order.Refusal(placed, OrderPayload.Of(placed).Event.Length));
    }

    /// <summary>Every character takes six bytes on the wire.</summary>
    private static string Longest(int characters) => new('\uE000', characters);

    private static RefundState Refund() => new() { Id = "ref-1", Amount = 1m, At = Sample.Noon };

    private static OrderChange Change(string what)
    {
        var later = Sample.Noon.AddDays(1);
        var placed = Sample.InStatus(OrderStatus.Placed);
        return (what switch
        {
            "place" => Order.Place(Sample.Draft((Sample.Product(), 1)), Sample.Prices, later),
            "edit" => placed.Edit(new OrderEdit(null, [("pro-1", 1)], new Dictionary<string, Product>(), null), Sample.Prices, later),
            "address" => placed.Edit(new OrderEdit(new Address { ClientId = "cus-1", AddressId = "add-2" }, null,
                new Dictionary<string, Product>(), null), Sample.Prices, later),
            "confirm" => placed.Confirm(later),
            "cancel" => placed.Cancel("why", later),
            "fail" => placed.Fail("why", later),
            "pay" => Sample.InStatus(OrderStatus.Confirmed).Pay("card", null, 60m, later),
            "ship" => Sample.InStatus(OrderStatus.Paid).Ship("SEUR", null, null, later),
            "deliver" => Sample.InStatus(OrderStatus.Shipped).Deliver(later),
            "return" => Sample.InStatus(OrderStatus.Delivered).Return(null, null, later),
            _ => Sample.InStatus(OrderStatus.Delivered).Refund(null, null, null, later),
        }).Value!;
    }

    /// <summary>The field that each of three changes in a row is refused for.</summary>
    private static List<string?> Repeated(OrderState order, Func<OrderState, Outcome<OrderChange>> decide)
    {
        var fields = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var change = decide(order).Value!;
            fields.Add(Limits.Refusal(change, 1000)?.Field);
            order = change.Order;
        }

        return fields;
    }
}

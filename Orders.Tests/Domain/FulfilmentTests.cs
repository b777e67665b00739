using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

[Unit]
public sealed class FulfilmentTests
{
    private static readonly DateTimeOffset Later = Sample.Noon.AddDays(1);

    [Fact]
    public void An_order_is_shipped_when_its_last_piece_has_left()
    {
        var first = Sample.InStatus(OrderStatus.Paid).Ship("Correos", "T-1", [new LineQuantity(2, 1), new LineQuantity(1, 3)],
            Later).Value!;
        Assert.Equal((OrderStatus.Paid, OrderEventTypes.PartlyShipped), (first.Order.Status, first.Type));
        Assert.Equal([3, 1], first.Order.Items.Select(item => item.Shipped));
        Assert.Equal([new LineQuantity(1, 3), new LineQuantity(2, 1)], first.Shipment!.Lines);

        var second = first.Order.Ship("Seur", null, null, Later).Value!;
        Assert.Equal((OrderStatus.Shipped, OrderEventTypes.Shipped), (second.Order.Status, second.Type));
        Assert.Equal([new LineQuantity(2, 1)], second.Shipment!.Lines);
        Assert.Equal(["Correos", "Seur"], second.Order.Shipments!.Select(shipment => shipment.Carrier));
        Assert.Empty(second.Stock);
    }

    [Theory]
    [InlineData(1, 4, "lines[0].quantity")]
    [InlineData(3, 1, "lines[0].line")]
    public void Never_more_leaves_than_was_bought(int line, int quantity, string field) =>
        Assert.Equal(field, Assert.IsType<OrderError.Unusable>(
            Sample.InStatus(OrderStatus.Paid).Ship("Correos", null, [new LineQuantity(line, quantity)], Later).Error).Field);

    [Fact]
    public void A_line_stands_once_in_a_parcel() =>
        Assert.Equal("lines[1].line", Assert.IsType<OrderError.Unusable>(
            Sample.InStatus(OrderStatus.Paid).Ship("Correos", null, [new LineQuantity(1, 1), new LineQuantity(1, 1)], Later).Error).Field);

    [Fact]
    public void What_is_partly_on_its_way_cannot_be_cancelled()
    {
        var order = Sample.InStatus(OrderStatus.Paid).Ship("Correos", null, [new LineQuantity(1, 1)], Later).Value!.Order;
        Assert.Equal(new OrderError.PartlyShipped(order.Id), order.Cancel(null, Later).Error);
    }

    [Fact]
    public void Pieces_come_back_in_parts_and_go_on_the_shelf()
    {
        var first = Sample.InStatus(OrderStatus.Delivered).Return([new LineQuantity(1, 2)], "broken", Later).Value!;
        Assert.Equal((OrderStatus.Delivered, OrderEventTypes.PartlyReturned), (first.Order.Status, first.Type));
        Assert.Equal([new StockMove("pro-1", -2)], first.Stock);
        Assert.Equal("lines[0].quantity", Assert.IsType<OrderError.Unusable>(
            first.Order.Return([new LineQuantity(1, 2)], null, Later).Error).Field);

        var second = first.Order.Return(null, null, Later).Value!;
        Assert.Equal((OrderStatus.Returned, OrderEventTypes.Returned), (second.Order.Status, second.Type));
        Assert.Equal([new StockMove("pro-1", -1), new StockMove("pro-2", -2)], second.Stock);
        Assert.Equal([3, 2], second.Order.Items.Select(item => item.Returned));
    }
}

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
    public void The_rest_of_a_partly_shipped_order_is_cancelled_by_lines_and_owed()
    {
        var order = Sample.InStatus(OrderStatus.Paid).Ship("Correos", null, [new LineQuantity(1, 1)], Later).Value!.Order;
        Assert.Equal("items[0].quantity", Assert.IsType<OrderError.Unusable>(
            order.CancelLines([new LineQuantity(1, 3)], null, Later).Error).Field);

        var first = order.CancelLines([new LineQuantity(1, 2)], "sold out", Later).Value!;
        Assert.Equal((OrderStatus.Paid, OrderEventTypes.PartlyCancelled, 20.00m),
            (first.Order.Status, first.Type, first.Order.Owed!.Value));
        Assert.Equal([new StockMove("pro-1", -2)], first.Stock);
        var second = first.Order.CancelLines([new LineQuantity(2, 2)], null, Later).Value!;
        Assert.Equal((OrderStatus.Shipped, OrderEventTypes.Shipped, 50.00m), (second.Order.Status, second.Type, second.Order.Owed!.Value));
        Assert.Equal([2, 2], second.Order.Items.Select(item => item.Cancelled));
        var back = second.Order.Deliver(Later).Value!.Order.Return(null, null, Later).Value!;
        Assert.Equal((OrderStatus.Returned, 50.00m), (back.Order.Status, back.Order.Owed!.Value));
        Assert.Equal([new StockMove("pro-1", -1)], back.Stock);
    }

    [Fact]
    public void Cancelling_every_line_is_cancelling_the_order_and_an_unpaid_one_is_edited()
    {
        var all = new[] { new LineQuantity(1, 3), new LineQuantity(2, 2) };
        Assert.Equal(OrderStatus.Cancelled, Sample.InStatus(OrderStatus.Paid).CancelLines(all, null, Later).Value!.Order.Status);
        Assert.Equal("items", Assert.IsType<OrderError.Unusable>(
            Sample.InStatus(OrderStatus.Placed).CancelLines(all, null, Later).Error).Field);
        Assert.IsType<OrderError.IllegalMove>(Sample.InStatus(OrderStatus.Shipped).CancelLines(all, null, Later).Error);
    }

    [Fact]
    public void A_lost_parcel_opens_its_pieces_and_what_replaces_them_is_taken_from_the_shelf()
    {
        var order = Sample.InStatus(OrderStatus.Paid).Ship("Correos", null, [new LineQuantity(1, 3)], Later).Value!.Order;
        order = order.Ship("Correos", null, null, Later).Value!.Order;
        var lost = order.Lose(order.Shipments![0].Id, null, Later).Value!;
        Assert.Equal((OrderStatus.Paid, OrderEventTypes.ParcelLost, null), (lost.Order.Status, lost.Type, lost.Order.ShippedAt));
        Assert.Empty(lost.Stock);
        Assert.Equal([null, 2], lost.Order.Items.Select(item => item.Shipped));
        Assert.IsType<OrderError.NotLosable>(lost.Order.Lose(order.Shipments[0].Id, null, Later).Error);
        Assert.IsType<OrderError.NotFound>(lost.Order.Lose("shp-none", null, Later).Error);

        var again = lost.Order.Ship("Correos", null, [new LineQuantity(1, 2)], Later).Value!;
        Assert.Equal([new StockMove("pro-1", 2)], again.Stock);
        var ended = again.Order.CancelLines([new LineQuantity(1, 1)], null, Later).Value!;
        Assert.Equal((OrderStatus.Shipped, 10.00m), (ended.Order.Status, ended.Order.Owed!.Value));
        Assert.Empty(ended.Stock);
        Assert.Equal([new StockMove("pro-1", -2), new StockMove("pro-2", -2)],
            ended.Order.Deliver(Later).Value!.Order.Return(null, null, Later).Value!.Stock);
    }

    [Fact]
    public void Pieces_come_back_before_the_last_parcel_is_there()
    {
        var order = Sample.InStatus(OrderStatus.Paid).Ship("Correos", null, [new LineQuantity(1, 3)], Later).Value!.Order;
        var first = order.Return([new LineQuantity(1, 1)], null, Later).Value!;
        Assert.Equal((OrderStatus.Paid, OrderEventTypes.PartlyReturned), (first.Order.Status, first.Type));
        Assert.Equal([new StockMove("pro-1", -1)], first.Stock);
        Assert.Equal("lines[0].quantity", Assert.IsType<OrderError.Unusable>(
            first.Order.Return([new LineQuantity(2, 1)], null, Later).Error).Field);
        var shipped = first.Order.Ship("Correos", null, null, Later).Value!.Order;
        Assert.Equal(OrderStatus.Shipped, shipped.Status);
        var last = shipped.Return([new LineQuantity(1, 2), new LineQuantity(2, 2)], null, Later).Value!.Order;
        Assert.Equal((OrderStatus.Returned, last.UpdatedAt), (last.Status, last.DeliveredAt!.Value));
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

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

[Unit]
public sealed class RefundTests
{
    private static readonly DateTimeOffset Later = Sample.Noon.AddDays(1);

    [Fact]
    public void Refunds_add_up_and_never_exceed_the_payment()
    {
        var order = Sample.InStatus(OrderStatus.Paid);
        order = order.Refund(19.99m, "broken", "P-1", Later).Value!.Order;
        order = order.Refund(40m, null, null, Later).Value!.Order;
        Assert.Equal((59.99m, 2), (order.Refunded!.Value, order.Refunds!.Count));
        Assert.Equal(new OrderError.RefundTooLarge(order.Id, 0.01m, "EUR"), order.Refund(0.02m, null, null, Later).Error);

        var last = order.Refund(null, null, null, Later).Value!;
        Assert.Equal((0.01m, 60.00m, OrderEventTypes.Refunded), (last.Refund!.Amount, last.Order.Refunded!.Value, last.Type));
        Assert.Equal(new OrderError.RefundTooLarge(order.Id, 0m, "EUR"), last.Order.Refund(null, null, null, Later).Error);
        Assert.Equal(3, last.Order.Refunds!.Select(refund => refund.Id).Distinct().Count());
    }

    [Fact]
    public void What_was_never_paid_cannot_be_refunded()
    {
        foreach (var status in new[] { OrderStatus.Placed, OrderStatus.Confirmed, OrderStatus.Cancelled, OrderStatus.Failed })
        {
            var order = Sample.InStatus(status);
            Assert.Equal(new OrderError.NotPaid(order.Id), order.Refund(1m, null, null, Later).Error);
        }
    }

    [Fact]
    public void A_refund_keeps_the_status()
    {
        foreach (var status in new[] { OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Delivered, OrderStatus.Returned })
        {
            var order = Sample.InStatus(status);
            var refunded = order.Refund(1m, null, null, Later).Value!.Order;
            Assert.Equal((status, order.Version + 1), (refunded.Status, refunded.Version));
        }
    }
}

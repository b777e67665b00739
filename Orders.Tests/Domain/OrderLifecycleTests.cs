using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

[Unit]
public sealed class OrderLifecycleTests
{
    /// <summary>The whole table, written down a second time: what is not here must be refused.</summary>
    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        "placed>confirmed", "confirmed>paid", "paid>shipped", "shipped>delivered", "delivered>returned",
        "placed>cancelled", "confirmed>cancelled", "paid>cancelled", "placed>failed", "confirmed>failed",
    };

    [Fact]
    public void Exactly_the_documented_moves_are_allowed()
    {
        var moves = from one in Enum.GetValues<OrderStatus>()
                    from other in Enum.GetValues<OrderStatus>()
                    where OrderLifecycle.CanMove(one, other)
                    select $"{one.ToWire()}>{other.ToWire()}";
        Assert.Equal(Allowed.Order(StringComparer.Ordinal), moves.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_status_has_a_wire_name_that_reads_back()
    {
        foreach (var status in Enum.GetValues<OrderStatus>()) Assert.Equal(status, OrderStatuses.Parse(status.ToWire()));
        Assert.False(OrderStatuses.TryParse("Placed", out _));
        Assert.False(OrderStatuses.TryParse("0", out _));
    }

    [Fact]
    public void What_the_table_refuses_the_methods_refuse()
    {
        foreach (var from in Enum.GetValues<OrderStatus>())
        {
            var order = Sample.InStatus(from);
            Assert.Equal(from, order.Status);
            foreach (var (to, decide) in Decisions)
            {
                // Money that arrives after the end is kept; that is no move.
                if (to is OrderStatus.Paid && from is OrderStatus.Cancelled or OrderStatus.Failed) continue;
                var outcome = decide(order);
                if (OrderLifecycle.CanMove(from, to)) Assert.Equal((to, order.Version + 1), (outcome.Value!.Order.Status,
                    outcome.Value.Order.Version));
                else Assert.Equal(new OrderError.IllegalMove(order.Id, from, to), outcome.Error);
            }
        }
    }

    [Fact]
    public void Every_step_leaves_its_own_instant_and_nothing_else_changes()
    {
        var order = Sample.InStatus(OrderStatus.Returned);
        Assert.Equal(
            [Sample.Noon, Sample.Noon.AddHours(1), Sample.Noon.AddHours(2), Sample.Noon.AddHours(3), Sample.Noon.AddHours(4),
                Sample.Noon.AddHours(5)],
            [order.PlacedAt, order.ConfirmedAt!.Value, order.PaidAt!.Value, order.ShippedAt!.Value, order.DeliveredAt!.Value,
                order.ReturnedAt!.Value]);
        Assert.Equal((6, 60.00m, order.ReturnedAt), (order.Version, order.Total, order.UpdatedAt));
        Assert.Null(order.CancelledAt);
    }

    [Fact]
    public void Time_never_runs_backwards_within_an_order()
    {
        var order = Sample.InStatus(OrderStatus.Confirmed);
        Assert.Equal(order.UpdatedAt, order.Cancel(null, Sample.Noon.AddHours(-5)).Value!.Order.UpdatedAt);
    }

    [Fact]
    public void Cancelling_gives_every_piece_back_and_keeps_the_reason()
    {
        var change = Sample.InStatus(OrderStatus.Paid).Cancel("too late", Sample.Noon.AddHours(9)).Value!;
        Assert.Equal([new StockMove("pro-1", -3), new StockMove("pro-2", -2)], change.Stock);
        Assert.Equal(("too late", OrderEventTypes.Cancelled), (change.Order.Reason, change.Type));
    }

    [Theory]
    [InlineData("59.99")]
    [InlineData("60.01")]
    [InlineData("0")]
    public void A_payment_that_is_not_the_total_is_refused(string amount)
    {
        var refusal = Sample.InStatus(OrderStatus.Confirmed)
            .Pay("card", null, decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Sample.Noon).Error;
        Assert.Equal("amount", Assert.IsType<OrderError.Unusable>(refusal).Field);
    }

    [Theory]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Failed)]
    public void Money_that_arrives_after_the_end_is_kept_and_owed(OrderStatus end)
    {
        var late = Sample.InStatus(end).Pay("transfer", "T-9", 12.34m, Sample.Noon.AddDays(3)).Value!;
        Assert.Equal((end, OrderEventTypes.PaidLate, 12.34m, "T-9"),
            (late.Order.Status, late.Type, late.Order.Owed!.Value, late.Order.Payment!.Reference));
        Assert.Null(late.Order.Refund(null, null, null, Sample.Noon).Value!.Order.Owed);
        Assert.IsType<OrderError.IllegalMove>(late.Order.Pay("card", null, 1m, Sample.Noon).Error);
    }

    [Theory]
    [InlineData(OrderStatus.Placed, true)]
    [InlineData(OrderStatus.Confirmed, true)]
    [InlineData(OrderStatus.Paid, false)]
    [InlineData(OrderStatus.Cancelled, false)]
    public void An_order_that_is_not_paid_in_time_gives_its_pieces_back(OrderStatus status, bool expires)
    {
        var order = Sample.InStatus(status);
        var limit = TimeSpan.FromDays(1);
        Assert.IsType<OrderError.IllegalMove>(order.Expire(limit, order.UpdatedAt + limit - TimeSpan.FromSeconds(1)).Error);
        var change = order.Expire(limit, order.UpdatedAt + limit).Value;
        Assert.Equal(expires, change is not null);
        if (!expires) return;
        Assert.Equal((OrderStatus.Failed, OrderEventTypes.Expired, true), (change!.Order.Status, change.Type, change.CodeReturned));
        Assert.Equal([new StockMove("pro-1", -3), new StockMove("pro-2", -2)], change.Stock);
    }

    [Fact]
    public void What_was_paid_for_a_cancelled_order_is_owed_until_it_is_refunded()
    {
        var order = Sample.InStatus(OrderStatus.Paid).Refund(10m, null, null, Sample.Noon).Value!.Order;
        Assert.Null(order.Owed);
        order = order.Cancel(null, Sample.Noon).Value!.Order;
        Assert.Equal(50.00m, order.Owed);
        Assert.Null(order.Refund(null, null, null, Sample.Noon).Value!.Order.Owed);
    }

    private static readonly Dictionary<OrderStatus, Func<OrderState, Outcome<OrderChange>>> Decisions = new()
    {
        [OrderStatus.Confirmed] = order => order.Confirm(Sample.Noon),
        [OrderStatus.Paid] = order => order.Pay("card", null, order.Total, Sample.Noon),
        [OrderStatus.Shipped] = order => order.Ship("Correos", null, null, Sample.Noon),
        [OrderStatus.Delivered] = order => order.Deliver(Sample.Noon),
        [OrderStatus.Cancelled] = order => order.Cancel(null, Sample.Noon),
        [OrderStatus.Returned] = order => order.Return(null, null, Sample.Noon),
        [OrderStatus.Failed] = order => order.Fail(null, Sample.Noon),
    };
}

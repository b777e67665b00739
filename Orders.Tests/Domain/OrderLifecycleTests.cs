using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Tests.Domain;

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
}

using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>What the shop owes a customer: paid, not refunded, and for nothing that is still to come or was delivered.</summary>
internal static class Balance
{
    public static OrderState Balanced(this OrderState order) => order with { Owed = Owed(order) };

    /// <summary>Null when nothing is owed.</summary>
    public static decimal? Owed(OrderState order)
    {
        if (order.Payment is not { } payment) return null;
        var due = order.Status is OrderStatus.Cancelled or OrderStatus.Failed
            ? 0
            : order.Total - order.Items.Sum(item => NetOf(item, item.Cancelled ?? 0, order.Currency));
        var owed = Money.Round(payment.Amount - (order.Refunded ?? 0) - due, order.Currency);
        return owed > 0 ? owed : null;
    }

    /// <summary>What some pieces of a line cost after its discount.</summary>
    public static decimal NetOf(OrderItemState item, int pieces, string currency) =>
        Money.Round((item.Total - (item.Discount ?? 0)) * pieces / item.Quantity, currency);
}

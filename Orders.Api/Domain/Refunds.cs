using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Refunds are a ledger: entries are added and never changed. Invariant: their sum is never more than what was paid; the
/// database holds it too.
/// </summary>
internal static class Refunds
{
    /// <param name="order">An order that was paid, whatever became of it since.</param>
    /// <param name="amount">More than zero; null: all that is left.</param>
    /// <param name="reason">Why.</param>
    /// <param name="reference">The payment provider's reference.</param>
    /// <param name="now">When the money went back.</param>
    public static Outcome<OrderChange> Refund(
        this OrderState order, decimal? amount, string? reason, string? reference, DateTimeOffset now)
    {
        if (order.Payment is not { } payment) return new OrderError.NotPaid(order.Id);
        var left = payment.Amount - (order.Refunded ?? 0);
        if (left == 0 || amount > left) return new OrderError.RefundTooLarge(order.Id, left, order.Currency);

        var next = order.Next(now);
        var refund = new RefundState
        {
            Id = OrderIds.NewId(OrderIds.RefundPrefix, next.UpdatedAt),
            Amount = Money.Round(amount ?? left),
            Reason = reason,
            Reference = reference,
            At = next.UpdatedAt,
        };
        return new OrderChange(next with
        {
            Refunded = Money.Round((order.Refunded ?? 0) + refund.Amount),
            Refunds = [.. order.Refunds ?? [], refund],
        }, OrderEventTypes.Refunded) { Reason = reason, Refund = refund };
    }
}

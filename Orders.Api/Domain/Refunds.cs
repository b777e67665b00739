using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Refunds are a ledger: entries are added and never changed. Invariant: their sum is never more than what was paid; the
/// database holds it too. Pieces that a refund names are named by no other.
/// </summary>
internal static class Refunds
{
    /// <param name="order">An order that was paid, whatever became of it since.</param>
    /// <param name="amount">More than zero; null: what the named pieces cost, or all that is left.</param>
    /// <param name="reason">Why.</param>
    /// <param name="reference">The payment provider's reference.</param>
    /// <param name="now">When the money went back.</param>
    /// <param name="lines">The pieces that it is for; null: none are named.</param>
    /// <param name="returnId">The return that it is for, whose pieces are meant when none are named.</param>
    public static Outcome<OrderChange> Refund(
        this OrderState order, decimal? amount, string? reason, string? reference, DateTimeOffset now,
        IReadOnlyList<LineQuantity>? lines = null, string? returnId = null)
    {
        if (order.Payment is not { } payment) return new OrderError.NotPaid(order.Id);
        if (amount is { } wanted && Money.Round(wanted, order.Currency) != wanted)
            return new OrderError.Unusable("amount", $"has more decimals than {order.Currency} has");
        var named = Named(order, lines, returnId);
        if (named.Error is { } refusal) return refusal;
        var left = payment.Amount - (order.Refunded ?? 0);
        if (left == 0 || amount > left) return new OrderError.RefundTooLarge(order.Id, left, order.Currency);

        var next = order.Next(now);
        var refund = new RefundState
        {
            Id = OrderIds.NewId(OrderIds.RefundPrefix, next.UpdatedAt),
            Amount = Money.Round(amount ?? Cost(order, named.Value!, left), order.Currency),
            Reason = reason,
            Reference = reference,
            At = next.UpdatedAt,
            Lines = named.Value is { Count: > 0 } pieces ? pieces : null,
            ReturnId = returnId,
        };
        if (refund.Amount == 0) return new OrderError.Unusable("lines", "these pieces cost nothing");
        return new OrderChange((next with
        {
            Refunded = Money.Round((order.Refunded ?? 0) + refund.Amount, order.Currency),
            Refunds = [.. order.Refunds ?? [], refund],
        }).Balanced(), OrderEventTypes.Refunded) { Reason = reason, Refund = refund };
    }

    /// <summary>The pieces that are named; none when nothing is.</summary>
    private static Outcome<IReadOnlyList<LineQuantity>> Named(OrderState order, IReadOnlyList<LineQuantity>? lines, string? returnId)
    {
        if (returnId is not null)
        {
            if (order.Returns?.FirstOrDefault(back => back.Id == returnId) is not { } back)
                return new OrderError.Unusable("return_id", "the order has no such return");
            lines ??= back.Lines;
        }

        return lines is null
            ? new Outcome<IReadOnlyList<LineQuantity>>([], null)
            : Pieces.Pick(lines, order.Items, item => item.Quantity - RefundedPieces(order, item.Line), "was refunded already");
    }

    private static decimal Cost(OrderState order, IReadOnlyList<LineQuantity> lines, decimal left) => lines.Count == 0
        ? left
        : Math.Min(left, order.Items.Sum(item => Balance.NetOf(item, Pieces.In(lines, item.Line), order.Currency)));

    private static int RefundedPieces(OrderState order, int line) =>
        order.Refunds?.Sum(refund => Pieces.In(refund.Lines ?? [], line)) ?? 0;
}

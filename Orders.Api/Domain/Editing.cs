using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Changing an order's lines and address until it is paid. Invariant: pieces that stay keep the copy that was made when they were
/// bought, price and discount terms included; only pieces that are added are bought now, at today's price and by today's rules.
/// </summary>
internal static class Editing
{
    public static Outcome<OrderChange> Edit(this OrderState order, OrderEdit edit, PriceList prices, DateTimeOffset now)
    {
        if (order.Status is not (OrderStatus.Placed or OrderStatus.Confirmed)) return new OrderError.NotEditable(order.Id, order.Status);
        if (edit.Address is { } address && address.ClientId != order.Customer.Id)
            return new OrderError.Unusable("address_id", "the address belongs to another customer");

        var next = order.Next(now);
        if (edit.Address is not null) next = next with { Destination = Order.Snapshot(edit.Address) };
        var change = new OrderChange(next, OrderEventTypes.Edited);
        return edit.Lines is null ? change : WithLines(change, order, edit, prices);
    }

    private static Outcome<OrderChange> WithLines(OrderChange change, OrderState order, OrderEdit edit, PriceList prices)
    {
        var edited = EditedLines.Of(order, edit, prices.Vat.RatesAt(change.Order.Destination));
        if (edited.Value is not { Items: var items } lines) return edited.Error!;

        var subtotal = items.Sum(item => item.Total);
        // Without terms a discount belongs to the pieces that it was given for, and they have kept it.
        if (order.DiscountTerms is { } terms) items = PriceList.Allot(items, terms.Of(subtotal, order.Currency), subtotal, order.Currency);
        var goods = subtotal - items.Sum(item => item.Discount ?? 0);
        var keepsCode = order.DiscountTerms?.Apply(subtotal) ?? goods != subtotal;
        var next = Sums.Of(change.Order, items, prices.ShippingAfter(order, Sums.Weigh(items), goods)) with
        {
            DiscountCode = keepsCode ? order.DiscountCode : null,
            DiscountTerms = keepsCode ? order.DiscountTerms : null,
        };
        return Sums.Refusal(next) is { } excess
            ? excess
            : change with { Order = next, LinesChanged = true, Stock = StockMove.Sum(lines.Moves), CodeReturned = !keepsCode };
    }
}

/// <summary>What an order becomes.</summary>
/// <param name="Address">The new destination; null: it stays.</param>
/// <param name="Lines">All lines of the order from now on, at least one; null: they stay.</param>
/// <param name="Products">The products that the lines name, as far as there are such products.</param>
/// <param name="CustomerStatus">The customer's status today; null when the customer is in no table.</param>
/// <param name="LinesMax">Lines of an order, at most.</param>
internal sealed record OrderEdit(
    Address? Address, IReadOnlyList<(string ProductId, int Quantity)>? Lines, IReadOnlyDictionary<string, Product> Products,
    string? CustomerStatus = null, int LinesMax = 100);

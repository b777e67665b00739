using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// Changing an order's lines and address until it is paid. A line that stays keeps the copy that was made when the order was
/// placed, price included; only new products are copied now.
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
        return edit.Lines is { } lines ? WithLines(change, order, edit, lines, prices) : change;
    }

    private static Outcome<OrderChange> WithLines(
        OrderChange change, OrderState order, OrderEdit edit, IReadOnlyList<(string ProductId, int Quantity)> lines, PriceList prices)
    {
        var kept = order.Items.GroupBy(item => item.ProductId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var items = new List<OrderItemState>(lines.Count);
        foreach (var (productId, quantity) in lines)
        {
            var line = items.Count + 1;
            if (kept.TryGetValue(productId, out var item)) items.Add(Again(item, line, quantity));
            else if (!edit.Products.TryGetValue(productId, out var product))
                return new OrderError.Unusable(FormattableString.Invariant($"items[{line - 1}].product_id"), "there is no such product");
            else if (Order.Refusal(product, order.Currency, line - 1) is { } refusal) return refusal;
            else items.Add(Order.Copy(line, product, quantity));
        }

        var subtotal = items.Sum(item => item.Total);
        var discount = order.DiscountCode is null ? 0m : edit.Discount?.Of(subtotal) ?? Math.Min(order.Discount, subtotal);
        var next = prices.AddUp(change.Order with { DiscountCode = discount == 0 ? null : order.DiscountCode }, items, discount);
        if (next.Total > Money.Max)
            return new OrderError.Unusable("items", FormattableString.Invariant($"the total exceeds {Money.Max}"));
        return change with
        {
            Order = next,
            LinesChanged = true,
            Stock = StockMove.Sum([
                .. items.Select(item => (item.ProductId, item.Quantity)),
                .. order.Items.Select(item => (item.ProductId, -item.Quantity)),
            ]),
        };
    }

    private static OrderItemState Again(OrderItemState item, int line, int quantity) =>
        item with { Line = line, Quantity = quantity, Total = Money.Round(item.UnitPrice * quantity) };
}

/// <summary>What an order becomes.</summary>
/// <param name="Address">The new destination; null: it stays.</param>
/// <param name="Lines">All lines of the order from now on, at least one; null: they stay.</param>
/// <param name="Products">The products that the lines name, as far as there are such products.</param>
/// <param name="Discount">
/// The order's discount code as it is now. It was accepted when the order was placed, so neither its dates nor its uses are asked
/// again, only what it takes off. Null although the order has one: it was deleted, and the amount stays as it was.
/// </param>
internal sealed record OrderEdit(
    Address? Address, IReadOnlyList<(string ProductId, int Quantity)>? Lines, IReadOnlyDictionary<string, Product> Products,
        Discount? Discount);

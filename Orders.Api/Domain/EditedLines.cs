using System.Globalization;
using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>The lines of an order after an edit.</summary>
/// <param name="Items">All of them, numbered.</param>
/// <param name="Moves">Pieces that are taken from the shelf, and those that were and go back there (less than zero).</param>
internal sealed record EditedLines(IReadOnlyList<OrderItemState> Items, IReadOnlyList<(string ProductId, int Taken)> Moves)
{
    /// <summary>
    /// What is asked for is served from the order's own lines of that product first: the first entry from the first line, and so on, the
    /// last entry from all that are left. What they do not have is added.
    /// </summary>
    public static Outcome<EditedLines> Of(OrderState order, OrderEdit edit, TaxRates rates)
    {
        var lines = edit.Lines!;
        var items = new List<OrderItemState>(lines.Count);
        var moves = order.Items.Select(item => (item.ProductId, -item.Taken)).ToList();
        var own = order.Items.GroupBy(item => item.ProductId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Queue<OrderItemState>(group), StringComparer.Ordinal);
        for (var i = 0; i < lines.Count; i++)
        {
            var (productId, quantity) = lines[i];
            var isLast = !lines.Skip(i + 1).Any(other => other.ProductId == productId);
            var kept = own.TryGetValue(productId, out var queue) ? Keep(queue, quantity, isLast, order.Currency) : [];
            var added = quantity - kept.Sum(item => item.Quantity);
            if (added > 0 && Add(kept, order, edit, rates, i, added) is { } refusal) return refusal;
            items.AddRange(kept);
            moves.AddRange(kept.Select(item => (productId, item.Taken)));
        }

        return items.Count <= edit.LinesMax
            ? new EditedLines([.. items.Select((item, i) => item with { Line = i + 1 })], moves)
            : new OrderError.Unusable("items", string.Create(CultureInfo.InvariantCulture,
                $"would be {items.Count} lines, because added pieces have another price; at most {edit.LinesMax} are possible"));
    }

    private static List<OrderItemState> Keep(Queue<OrderItemState> own, int quantity, bool all, string currency)
    {
        var kept = new List<OrderItemState>();
        while (own.TryDequeue(out var item))
        {
            var pieces = Math.Min(item.Quantity, quantity - kept.Sum(other => other.Quantity));
            if (pieces > 0) kept.Add(Of(item, pieces, currency));
            if (!all) break;
        }

        return kept;
    }

    /// <summary>Some pieces of a line: each keeps its price and its share of what was taken off.</summary>
    private static OrderItemState Of(OrderItemState item, int pieces, string currency)
    {
        if (pieces == item.Quantity) return item;
        var total = Money.Round(item.UnitPrice * pieces, currency);
        var discount = item.Discount is { } off ? Math.Min(total, Money.Round(off * pieces / item.Quantity, currency)) : 0;
        return item with
        {
            Quantity = pieces, Total = total, Discount = discount == 0 ? null : discount,
            // What was taken from the shelf goes back there first: of pieces that never were, none can.
            Taken = Math.Max(0, item.Taken - (item.Quantity - pieces)),
        };
    }

    /// <summary>Adds pieces to a line of the same price, or as a line of their own.</summary>
    private static OrderError? Add(
        List<OrderItemState> kept, OrderState order, OrderEdit edit, TaxRates rates, int index, int added)
    {
        if (edit.CustomerStatus == Customer.Suspended)
            return new OrderError.Unusable(Order.Field(index, "quantity"), "the customer is suspended: the order may shrink, not grow");
        var had = kept.Sum(item => item.Quantity);
        var product = edit.Products.GetValueOrDefault(edit.Lines![index].ProductId);
        var refusal = product is null
            ? new OrderError.Unusable(Order.Field(index, "product_id"), "there is no such product")
            : Order.Refusal(product, order.Currency, index);
        if (refusal is not null)
        {
            return had == 0 ? refusal : refusal with
            {
                Reason = string.Create(CultureInfo.InvariantCulture, $"{refusal.Reason}: the order can keep its {had}, none can be added"),
            };
        }

        var bought = Order.Copy(0, product!, added, rates);
        var same = kept.FindLastIndex(item => (item.UnitPrice, item.Weight, item.TaxRate ?? VatTable.Former)
            == (bought.UnitPrice, bought.Weight, bought.TaxRate));
        if (same < 0) kept.Add(bought);
        else
        {
            var item = kept[same];
            kept[same] = item with
            {
                Quantity = item.Quantity + added, Total = item.Total + bought.Total, Taken = item.Taken + added,
            };
        }

        return null;
    }
}

using Orders.Api.Domain;
using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// Items, and the pieces of them that left and came back. Every piece of an order that is shipped has left, and of one that is returned
/// has come back; in between it can be some of them. Who does not say in which parcels does not have to.
/// </summary>
internal static class ImportParcels
{
    public static IReadOnlyList<OrderItemState> Items(ImportLine line, OrderStatus status, bool isPaid, Check check)
    {
        var isShipped = status is OrderStatus.Shipped or OrderStatus.Delivered or OrderStatus.Returned;
        var bought = line.Items!.Select((item, i) => Bought(new Entry("items", i), item!, isPaid, status, check)).ToArray();
        // An order that was cancelled after a part of it had left is one of the past: today only what has not left is cancelled.
        var shipped = Pieces(
            new Kind("shipped", "shipments", isShipped, isShipped || (isPaid && status is OrderStatus.Paid or OrderStatus.Cancelled)),
            bought, line, status, item => item.Shipped,
            line.Shipments?.Where(parcel => parcel!.LostAt is null).Select(parcel => parcel!.Lines!), check);
        var returned = Pieces(
            new Kind("returned", "returns", status is OrderStatus.Returned, isShipped || (isPaid && status is OrderStatus.Paid)), shipped,
            line, status, item => item.Returned, line.Returns?.Select(back => back!.Lines!), check);
        Complete("shipped", status is OrderStatus.Paid, bought, shipped, check);
        Complete("returned", status is OrderStatus.Shipped or OrderStatus.Delivered, shipped, returned, check);
        return [.. line.Items!.Select((item, i) => Item(i, item!, shipped[i], returned[i], line.Currency!, check))];
    }

    /// <summary>Pieces of a line that were not cancelled.</summary>
    private static int Bought(Entry at, ImportLine.ItemPart item, bool isPaid, OrderStatus status, Check check)
    {
        if (item.Cancelled > 0 && !isPaid)
            check.Fail(at.Field("cancelled"), $"must be absent: an order that is {status.ToWire()} and not paid has none");
        return item.Quantity!.Value - (item.Cancelled ?? 0);
    }

    /// <summary>When every piece has moved, the order is in the status that says so.</summary>
    private static void Complete(string field, bool isBefore, int[] whole, int[] moved, Check check)
    {
        if (isBefore && moved.Any(pieces => pieces > 0) && whole.SequenceEqual(moved))
            check.Fail("status", $"must be {field}: every piece of the order is");
    }

    public static IReadOnlyList<ShipmentState>? Shipments(ImportLine line, string orderId, ImportTimes times, Check check)
    {
        if (line.Shipments is not { Count: > 0 } given) return null;
        var last = times.Paid ?? times.Placed;
        var shipments = given.Select((parcel, i) =>
        {
            var when = InOrder(new Entry("shipments", i), parcel!.At!.Value, ref last, times.Shipped, "shipped_at", check);
            if (parcel.LostAt < when) check.Fail(new Entry("shipments", i).Field("lost_at"), "must not be earlier than at");
            return new ShipmentState
            {
                Id = parcel.Id ?? DerivedIds.Of(OrderIds.ShipmentPrefix, orderId, when, i),
                Carrier = parcel.Carrier!, Tracking = parcel.Tracking, Lines = Lines(parcel.Lines!), At = when,
                LostAt = parcel.LostAt,
            };
        }).ToArray();
        DerivedIds.Distinct(shipments, parcel => parcel.Id, "shipments", check);
        return shipments;
    }

    public static IReadOnlyList<ReturnState>? Returns(ImportLine line, string orderId, ImportTimes times, Check check)
    {
        if (line.Returns is not { Count: > 0 } given) return null;
        var last = times.Paid ?? times.Placed;
        var returns = given.Select((back, i) =>
        {
            var when = InOrder(new Entry("returns", i), back!.At!.Value, ref last, times.Returned, "returned_at", check);
            return new ReturnState
            {
                Id = back.Id ?? DerivedIds.Of(OrderIds.ReturnPrefix, orderId, when, i),
                Reason = back.Reason, Lines = Lines(back.Lines!), At = when,
            };
        }).ToArray();
        DerivedIds.Distinct(returns, back => back.Id, "returns", check);
        return returns;
    }

    private static OrderItemState Item(
        int index, ImportLine.ItemPart item, int shipped, int returned, string currency, Check check)
    {
        var at = new Entry("items", index);
        var price = Money.Round(item.UnitPrice!.Value, currency);
        var total = Money.Round(price * item.Quantity!.Value, currency);
        if (item.Total is { } given && given != total) check.Agrees<decimal>(at.Field("total"), given, total, "unit_price x quantity");
        if (item.Discount > total) check.Fail(at.Field("discount"), FormattableString.Invariant(
            $"must be at most {total}, the item's total"));
        return new OrderItemState
        {
            Line = index + 1, ProductId = item.ProductId!, Sku = item.Sku ?? "", Name = item.Name!, Description = item.Description ?? "",
            Category = item.Category ?? "", UnitPrice = price, Weight = Weight.Round(item.Weight ?? 0), Quantity = item.Quantity.Value,
            Total = total, TaxRate = item.TaxRate,
            Discount = item.Discount is null or 0 ? null : Money.Round(item.Discount.Value, currency),
            Cancelled = item.Cancelled is null or 0 ? null : item.Cancelled, Shipped = shipped == 0 ? null : shipped,
            Returned = returned == 0 ? null : returned,
        };
    }

    /// <param name="Field">The item's field that counts the pieces.</param>
    /// <param name="List">The order's list that says which moved together.</param>
    /// <param name="IsWhole">The status says that all have moved.</param>
    /// <param name="IsPossible">The status allows that some have.</param>
    private readonly record struct Kind(string Field, string List, bool IsWhole, bool IsPossible);

    /// <summary>For each item, the pieces that moved, of those that could.</summary>
    private static int[] Pieces(
        Kind kind, int[] most, ImportLine line, OrderStatus status, Func<ImportLine.ItemPart, int?> given,
        IEnumerable<List<ImportLine.PiecesPart?>>? moves, Check check)
    {
        var items = line.Items!;
        var moved = moves is null ? null : Sum(kind.List, moves, items.Count, check);
        var pieces = new int[items.Count];
        for (var i = 0; i < pieces.Length; i++)
        {
            var (at, item) = (new Entry("items", i), items[i]!);
            var count = given(item) ?? moved?[i] ?? (kind.IsWhole ? most[i] : 0);
            pieces[i] = Math.Clamp(count, 0, Math.Max(0, most[i]));
            if (count > 0 && !kind.IsPossible) check.Fail(at.Field(kind.Field), $"must be absent: the order is {status.ToWire()}");
            else if (moved is not null && moved[i] != count)
                check.Fail(at.Field(kind.Field), FormattableString.Invariant($"must be {moved[i]}: the sum of {kind.List}"));
            else if (count > most[i] && moved is not null) check.Fail(kind.List, FormattableString.Invariant(
                $"move more than {most[i]} pieces of line {i + 1}"));
            else if (count > most[i])
                check.Fail(at.Field(kind.Field), FormattableString.Invariant($"must be at most {most[i]}: no more could"));
            else if (kind.IsWhole && count != most[i])
                check.Fail(at.Field(kind.Field), FormattableString.Invariant($"must be {most[i]}: the order is {status.ToWire()}"));
        }

        return pieces;
    }

    private static int[]? Sum(string list, IEnumerable<List<ImportLine.PiecesPart?>> moves, int items, Check check)
    {
        int[]? sums = null;
        foreach (var (index, lines) in moves.Index())
        {
            sums ??= new int[items];
            for (var i = 0; i < lines.Count; i++)
            {
                var line = lines[i]!.Line!.Value;
                var isKnown = line <= items;
                if (!isKnown || lines.FindIndex(other => other!.Line == line) < i)
                    check.Fail(new Entry(list, index).Field("lines"),
                        FormattableString.Invariant($"line {line} {(isKnown ? "stands more than once" : "is no line of the order")}"));
                else sums[line - 1] += lines[i]!.Quantity!.Value;
            }
        }

        return sums;
    }

    private static DateTimeOffset InOrder(
        Entry at, DateTimeOffset when, ref DateTimeOffset last, DateTimeOffset? end, string endField, Check check)
    {
        if (when < last) check.Fail(at.Field("at"), "must not be earlier than what came before it");
        if (when > end) check.Fail(at.Field("at"), $"must not be later than {endField}");
        last = when;
        return when;
    }

    public static IReadOnlyList<LineQuantity> Lines(List<ImportLine.PiecesPart?> lines) =>
        [.. lines.Select(piece => new LineQuantity(piece!.Line!.Value, piece.Quantity!.Value))];
}

using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// A decision about an order, not written yet: the order as it will be and everything that has to happen with it in the same
/// transaction.
/// </summary>
/// <param name="Order">The order at its new version.</param>
/// <param name="Type">One of <see cref="OrderEventTypes"/>.</param>
internal sealed record OrderChange(OrderState Order, string Type)
{
    /// <summary>The version that the decision was made on; 0 for a new order.</summary>
    public int From => Order.Version - 1;

    /// <summary>Pieces that leave the shelf (more than zero) or come back to it (less), one entry per product.</summary>
    public IReadOnlyList<StockMove> Stock { get; init; } = [];

    /// <summary>Whether a new order's pieces come from the shelf.</summary>
    public bool StockTaken { get; init; } = true;

    /// <summary>The lines are others than before, or count other pieces.</summary>
    public bool LinesChanged { get; init; }

    /// <summary>The order gives the use of its discount code back, if one was counted for it.</summary>
    public bool CodeReturned { get; init; }

    /// <summary>Why the change was made, if somebody said so.</summary>
    public string? Reason { get; init; }

    /// <summary>The one new entry of the refund ledger.</summary>
    public RefundState? Refund { get; init; }

    /// <summary>The parcel that was lost.</summary>
    public ShipmentState? LostShipment { get; init; }

    /// <summary>The one new parcel.</summary>
    public ShipmentState? Shipment { get; init; }
}

/// <param name="ProductId">The product.</param>
/// <param name="Taken">Pieces taken; negative when they come back. Never zero.</param>
internal sealed record StockMove(string ProductId, int Taken)
{
    /// <summary>One move per product, those that cancel out left away, in the order in which rows are locked everywhere.</summary>
    public static IReadOnlyList<StockMove> Sum(IEnumerable<(string ProductId, int Taken)> pieces) =>
    [
        .. pieces.GroupBy(piece => piece.ProductId, StringComparer.Ordinal)
            .Select(group => new StockMove(group.Key, group.Sum(piece => piece.Taken)))
            .Where(move => move.Taken != 0)
            .OrderBy(move => move.ProductId, StringComparer.Ordinal),
    ];
}

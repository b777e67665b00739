namespace Orders.Simulator.Lives;

/// <summary>What can happen to an order after it was placed; the names of the order's own events.</summary>
internal enum LifeStep
{
    Confirmed,
    Paid,

    /// <summary>A parcel left, and more will follow.</summary>
    PartlyShipped,

    /// <summary>The last parcel left.</summary>
    Shipped,
    Delivered,

    /// <summary>Some of it came back.</summary>
    PartlyReturned,

    /// <summary>All of it came back.</summary>
    Returned,
    Cancelled,
    Failed,
    Refunded,
}

/// <summary>Something that happens to an order. What a step does not have is null.</summary>
internal sealed record LifeEvent(LifeStep Step, DateTimeOffset At)
{
    /// <summary>How it was paid.</summary>
    public string? Method { get; init; }

    /// <summary>The payment provider's reference of a payment or refund.</summary>
    public string? Reference { get; init; }

    public string? Carrier { get; init; }

    public string? Tracking { get; init; }

    /// <summary>What is in the parcel, or what came back.</summary>
    public IReadOnlyList<LifePieces>? Pieces { get; init; }

    /// <summary>What was given back, two decimals.</summary>
    public decimal? Amount { get; init; }

    public string? Reason { get; init; }
}

/// <param name="Line">From 1.</param>
internal readonly record struct LifePieces(int Line, int Quantity);

/// <summary>What of a line its life depends on.</summary>
/// <param name="Paid">For all its pieces, after discount.</param>
internal readonly record struct LifeLine(int Quantity, decimal Paid);

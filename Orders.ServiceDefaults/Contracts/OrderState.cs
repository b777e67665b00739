using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Contracts;

/// <summary>
/// One order, whole, at one version: what <c>GET /v1/orders/{id}</c> answers, what the cache holds byte for byte, and what
/// every event carries as <c>data</c>. Customer, address and product fields are copies made when the order was placed;
/// later changes of the originals never reach an order.
/// </summary>
public sealed record OrderState
{
    /// <summary><c>ord-</c> and a UUIDv7; ids sort by the time of placing.</summary>
    public required string Id { get; init; }

    /// <summary>Short number for people, unique, <c>XXXX-XXXX</c> in Crockford's base 32.</summary>
    public required string Number { get; init; }

    /// <summary>The caller's own id of the order, unique if given.</summary>
    public string? ExternalId { get; init; }

    public required OrderStatus Status { get; init; }

    /// <summary>1 when placed, one more with every change. Consumers drop what is not newer than what they have.</summary>
    public required int Version { get; init; }

    /// <summary>Where the order came from, e.g. <c>web</c>, <c>app</c>, <c>store</c>.</summary>
    public required string Channel { get; init; }

    public required CustomerSnapshot Customer { get; init; }

    public required AddressSnapshot Destination { get; init; }

    public required IReadOnlyList<OrderItemState> Items { get; init; }

    /// <summary>ISO 4217 code of every amount in this order.</summary>
    public required string Currency { get; init; }

    /// <summary>Sum of the items' totals. Amounts have the decimals of the currency, two at least, and include VAT.</summary>
    public required decimal Subtotal { get; init; }

    /// <summary>Sum of the items' discounts.</summary>
    public required decimal Discount { get; init; }

    /// <summary>The code that gave the discount.</summary>
    public string? DiscountCode { get; init; }

    /// <summary>
    /// What the code took off when the order was placed: an edit applies these terms, whatever has become of the code. Absent without a
    /// code, and in orders that were placed before terms were kept.
    /// </summary>
    public DiscountTerms? DiscountTerms { get; init; }

    public required decimal Shipping { get; init; }

    /// <summary>VAT contained in <see cref="Total"/>; not added to it. The lines' and that of shipping.</summary>
    public required decimal Tax { get; init; }

    /// <summary>Percent of VAT in what shipping costs; absent in orders of the time before rates were kept: 21.</summary>
    public decimal? ShippingTaxRate { get; init; }

    /// <summary>subtotal - discount + shipping.</summary>
    public required decimal Total { get; init; }

    /// <summary>Kilograms, three decimals.</summary>
    public required decimal TotalWeight { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When this version came to be.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ConfirmedAt { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? ShippedAt { get; init; }

    public DateTimeOffset? DeliveredAt { get; init; }

    public DateTimeOffset? CancelledAt { get; init; }

    public DateTimeOffset? ReturnedAt { get; init; }

    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why the order was cancelled, returned or failed, if somebody said so.</summary>
    public string? Reason { get; init; }

    /// <summary>
    /// Absent until the order is paid; its amount is the order's total at that time, or whatever arrived after the order had ended.
    /// </summary>
    public PaymentState? Payment { get; init; }

    /// <summary>Sum of <see cref="Refunds"/>, never more than the payment; absent when nothing was refunded.</summary>
    public decimal? Refunded { get; init; }

    /// <summary>
    /// Paid, not refunded, and for nothing that is still to come or was delivered: what a cancelled order, or cancelled pieces of a paid
    /// one, leave owed to the customer. Absent when nothing is.
    /// </summary>
    public decimal? Owed { get; init; }

    /// <summary>Oldest first; absent when there are none.</summary>
    public IReadOnlyList<RefundState>? Refunds { get; init; }

    /// <inheritdoc cref="Refunds"/>
    public IReadOnlyList<ShipmentState>? Shipments { get; init; }

    /// <inheritdoc cref="Refunds"/>
    public IReadOnlyList<ReturnState>? Returns { get; init; }

    /// <summary>Fields that a newer producer wrote and this code does not know: kept, so that passing an order on loses nothing.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The terms of a discount code, as they were when an order was placed: a percentage or an amount, never both.</summary>
public sealed record DiscountTerms
{
    /// <summary>More than 0, up to 100.</summary>
    public decimal? Percent { get; init; }

    /// <summary>In the order's currency, VAT included.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Smallest subtotal that the code applies to; absent when there is none.</summary>
    public decimal? MinSubtotal { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>One line of an order: a link to the product and a copy of what it was when the order was placed.</summary>
public sealed record OrderItemState
{
    /// <summary>1, 2, ... in the order in which the lines were sent.</summary>
    public required int Line { get; init; }

    public required string ProductId { get; init; }

    public required string Sku { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public required string Category { get; init; }

    public required decimal UnitPrice { get; init; }

    /// <summary>Kilograms of one piece, three decimals.</summary>
    public required decimal Weight { get; init; }

    public required int Quantity { get; init; }

    /// <summary>unit_price x quantity, before any discount.</summary>
    public required decimal Total { get; init; }

    /// <summary>This line's share of the order's discount; absent when there is none.</summary>
    public decimal? Discount { get; init; }

    /// <summary>Percent of VAT that the price contains; absent in orders of the time before rates were kept: 21.</summary>
    public decimal? TaxRate { get; init; }

    /// <summary>VAT contained in this line's total after its discount; absent where there is no <see cref="TaxRate"/>.</summary>
    public decimal? Tax { get; init; }

    /// <summary>
    /// Pieces of the line that came from the shelf and have not gone back there. A fact of the database that holds the order, never on
    /// the wire: where the order is imported, nothing was taken.
    /// </summary>
    [JsonIgnore]
    public int Taken { get; init; }

    /// <summary>Pieces of a paid order that were cancelled before they left; absent when none were.</summary>
    public int? Cancelled { get; init; }

    /// <summary>Pieces that have left so far and are not lost; absent when none have.</summary>
    public int? Shipped { get; init; }

    /// <summary>Pieces that came back so far; absent when none have.</summary>
    public int? Returned { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>How an order was paid.</summary>
public sealed record PaymentState
{
    /// <summary>As the payment provider names it, e.g. <c>card</c>, <c>transfer</c>, <c>cash</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The payment provider's reference.</summary>
    public string? Reference { get; init; }

    public required decimal Amount { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Money that went back, in one piece.</summary>
public sealed record RefundState
{
    /// <summary><c>ref-</c> and a UUIDv7.</summary>
    public required string Id { get; init; }

    /// <summary>More than zero.</summary>
    public required decimal Amount { get; init; }

    public string? Reason { get; init; }

    /// <summary>The payment provider's reference.</summary>
    public string? Reference { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The pieces that it is for; absent when it names none.</summary>
    public IReadOnlyList<LineQuantity>? Lines { get; init; }

    /// <summary>The return that it is for.</summary>
    public string? ReturnId { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A parcel: some pieces of some lines.</summary>
public sealed record ShipmentState
{
    /// <summary><c>shp-</c> and a UUIDv7.</summary>
    public required string Id { get; init; }

    public required string Carrier { get; init; }

    /// <summary>The carrier's tracking number.</summary>
    public string? Tracking { get; init; }

    public required IReadOnlyList<LineQuantity> Lines { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When the parcel was given up; absent unless it was.</summary>
    public DateTimeOffset? LostAt { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Pieces that came back.</summary>
public sealed record ReturnState
{
    /// <summary><c>ret-</c> and a UUIDv7.</summary>
    public required string Id { get; init; }

    public string? Reason { get; init; }

    public required IReadOnlyList<LineQuantity> Lines { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <param name="Line">The number of an order's line.</param>
/// <param name="Quantity">Pieces of it, at least 1.</param>
public sealed record LineQuantity(int Line, int Quantity)
{
    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The customer as they were when the order was placed.</summary>
public sealed record CustomerSnapshot
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required string Phone { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The destination as it was when the order was placed.</summary>
public sealed record AddressSnapshot
{
    public required string Id { get; init; }

    public required string Road { get; init; }

    public required string HouseNumber { get; init; }

    public required string Neighborhood { get; init; }

    public required string Suburb { get; init; }

    public required string CityDistrict { get; init; }

    public required string State { get; init; }

    public required string Postcode { get; init; }

    public required string Country { get; init; }

    /// <summary>WGS 84 degrees; null when the address has no position.</summary>
    public double? Lat { get; init; }

    /// <inheritdoc cref="Lat"/>
    public double? Lon { get; init; }

    /// <inheritdoc cref="OrderState.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

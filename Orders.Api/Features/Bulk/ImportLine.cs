using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// A line of an import as it came: an <see cref="OrderState"/> of which almost everything may be left out. Settable, because
/// constructors with dozens of parameters cost the serializer twice as much, and an import reads millions of these.
/// </summary>
internal sealed class ImportLine
{
    public string? Id { get; set; }

    public string? Number { get; set; }

    public string? ExternalId { get; set; }

    public string? Status { get; set; }

    public int? Version { get; set; }

    public string? Channel { get; set; }

    public CustomerPart? Customer { get; set; }

    public DestinationPart? Destination { get; set; }

    public List<ItemPart?>? Items { get; set; }

    public string? Currency { get; set; }

    public decimal? Subtotal { get; set; }

    public decimal? Discount { get; set; }

    public string? DiscountCode { get; set; }

    public TermsPart? DiscountTerms { get; set; }

    public decimal? Shipping { get; set; }

    public decimal? Tax { get; set; }

    public decimal? ShippingTaxRate { get; set; }

    public decimal? Total { get; set; }

    public decimal? TotalWeight { get; set; }

    public DateTimeOffset? PlacedAt { get; set; }

    public DateTimeOffset? UpdatedAt { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? ShippedAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    public DateTimeOffset? ReturnedAt { get; set; }

    public DateTimeOffset? FailedAt { get; set; }

    public string? Reason { get; set; }

    public PaymentPart? Payment { get; set; }

    public decimal? Refunded { get; set; }

    public decimal? Owed { get; set; }

    public List<RefundPart?>? Refunds { get; set; }

    public List<ParcelPart?>? Shipments { get; set; }

    public List<ReturnPart?>? Returns { get; set; }

    internal sealed class CustomerPart
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public string? Email { get; set; }

        public string? Phone { get; set; }
    }

    internal sealed class DestinationPart
    {
        public string? Id { get; set; }

        public string? Road { get; set; }

        public string? HouseNumber { get; set; }

        public string? Neighborhood { get; set; }

        public string? Suburb { get; set; }

        public string? CityDistrict { get; set; }

        public string? State { get; set; }

        public string? Postcode { get; set; }

        public string? Country { get; set; }

        public double? Lat { get; set; }

        public double? Lon { get; set; }
    }

    internal sealed class ItemPart
    {
        public int? Line { get; set; }

        public string? ProductId { get; set; }

        public string? Sku { get; set; }

        public string? Name { get; set; }

        public string? Description { get; set; }

        public string? Category { get; set; }

        public decimal? UnitPrice { get; set; }

        public decimal? Weight { get; set; }

        public int? Quantity { get; set; }

        public decimal? Total { get; set; }

        public decimal? Discount { get; set; }

        public decimal? TaxRate { get; set; }

        public decimal? Tax { get; set; }

        public int? Cancelled { get; set; }

        public int? Shipped { get; set; }

        public int? Returned { get; set; }
    }

    internal sealed record TermsPart(decimal? Percent, decimal? Amount, decimal? MinSubtotal);

    internal sealed record PaymentPart(string? Method, string? Reference, decimal? Amount, DateTimeOffset? At);

    internal sealed record RefundPart(
        string? Id, decimal? Amount, string? Reason, string? Reference, DateTimeOffset? At, List<PiecesPart?>? Lines, string? ReturnId);

    internal sealed record ParcelPart(
        string? Id, string? Carrier, string? Tracking, List<PiecesPart?>? Lines, DateTimeOffset? At, DateTimeOffset? LostAt);

    internal sealed record ReturnPart(string? Id, string? Reason, List<PiecesPart?>? Lines, DateTimeOffset? At);

    internal sealed record PiecesPart(int? Line, int? Quantity);
}

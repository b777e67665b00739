namespace Orders.Contracts;

/// <summary>
/// An order as it lies in the search index: denormalized, one document per order, replaced whole by every newer version.
/// Instants stand twice: RFC 3339 for people, milliseconds since 1970 (<c>*_ms</c>) for filters and sorting.
/// </summary>
public sealed record OrderDocument
{
    /// <summary>The order id: the index's primary key.</summary>
    public required string Id { get; init; }

    public required string Number { get; init; }

    public required OrderStatus Status { get; init; }

    public required int Version { get; init; }

    public required string Channel { get; init; }

    public required string CustomerId { get; init; }

    public required string CustomerName { get; init; }

    public required string CustomerEmail { get; init; }

    public required string CustomerPhone { get; init; }

    public required string Road { get; init; }

    public required string Neighborhood { get; init; }

    public required string CityDistrict { get; init; }

    public required string Postcode { get; init; }

    public required IReadOnlyList<OrderDocumentItem> Items { get; init; }

    public required string Currency { get; init; }

    public required decimal Total { get; init; }

    public required decimal TotalWeight { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long PlacedAtMs { get; init; }

    public required long UpdatedAtMs { get; init; }

    /// <summary>WGS 84 degrees; absent when the address has no position. Plain numbers and not the engine's <c>_geo</c>, for which
    /// every write rewrites a tree of all positions (ADR 12).</summary>
    public double? Lat { get; init; }

    /// <inheritdoc cref="Lat"/>
    public double? Lon { get; init; }

    public static OrderDocument From(OrderState order) => new()
    {
        Id = order.Id,
        Number = order.Number,
        Status = order.Status,
        Version = order.Version,
        Channel = order.Channel,
        CustomerId = order.Customer.Id,
        CustomerName = order.Customer.Name,
        CustomerEmail = order.Customer.Email,
        CustomerPhone = order.Customer.Phone,
        Road = order.Destination.Road,
        Neighborhood = order.Destination.Neighborhood,
        CityDistrict = order.Destination.CityDistrict,
        Postcode = order.Destination.Postcode,
        Items = [.. order.Items.Select(OrderDocumentItem.From)],
        Currency = order.Currency,
        Total = order.Total,
        TotalWeight = order.TotalWeight,
        PlacedAt = order.PlacedAt,
        UpdatedAt = order.UpdatedAt,
        PlacedAtMs = order.PlacedAt.ToUnixTimeMilliseconds(),
        UpdatedAtMs = order.UpdatedAt.ToUnixTimeMilliseconds(),
        Lat = order.Destination.Lat,
        Lon = order.Destination.Lon,
    };
}

/// <summary>What of a line can be searched and shown in a hit.</summary>
public sealed record OrderDocumentItem(string ProductId, string Sku, string Name, string Category, int Quantity)
{
    public static OrderDocumentItem From(OrderItemState item) =>
        new(item.ProductId, item.Sku, item.Name, item.Category, item.Quantity);
}

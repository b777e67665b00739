namespace Orders.Simulator.Model;

/// <summary>The body of <c>POST /v1/orders</c>.</summary>
/// <param name="ExternalId">The order's name where it comes from; null: none.</param>
internal sealed record PlaceOrderRequest(
    string CustomerId, string AddressId, string Channel, IReadOnlyList<PlaceOrderLine> Items, string? ExternalId = null);

internal sealed record PlaceOrderLine(string ProductId, int Quantity);

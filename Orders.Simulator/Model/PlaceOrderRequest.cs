namespace Orders.Simulator.Model;

/// <summary>The body of <c>POST /v1/orders</c>.</summary>
internal sealed record PlaceOrderRequest(string CustomerId, string AddressId, string Channel, IReadOnlyList<PlaceOrderLine> Items);

internal sealed record PlaceOrderLine(string ProductId, int Quantity);

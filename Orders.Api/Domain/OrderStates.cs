using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>The one way from the domain's order to its wire form: reply, cache entry and event data are all made here.</summary>
internal static class OrderStates
{
    public static OrderState ToState(this Order order) => new()
    {
        Id = order.Id,
        Number = order.Number,
        Status = order.Status,
        Version = order.Version,
        Channel = order.Channel,
        Customer = order.Customer,
        Destination = order.Destination,
        Items = [.. order.Items.OrderBy(item => item.Line).Select(ToState)],
        Currency = order.Currency,
        Subtotal = order.Subtotal,
        Discount = order.Discount,
        Shipping = order.Shipping,
        Tax = order.Tax,
        Total = order.Total,
        TotalWeight = order.TotalWeight,
        PlacedAt = order.PlacedAt,
        UpdatedAt = order.UpdatedAt,
        ConfirmedAt = order.ConfirmedAt,
        PaidAt = order.PaidAt,
        ShippedAt = order.ShippedAt,
        DeliveredAt = order.DeliveredAt,
        CancelledAt = order.CancelledAt,
        ReturnedAt = order.ReturnedAt,
        FailedAt = order.FailedAt,
        Reason = order.Reason,
    };

    /// <param name="order">The order after the change.</param>
    /// <param name="traceParent">W3C trace context of the request that made the change.</param>
    public static OrderEvent ToEvent(this Order order, string? traceParent) => new()
    {
        Id = OrderEvent.IdOf(order.Id, order.Version),
        Type = OrderEventTypes.For(order.Status),
        Subject = order.Id,
        Time = order.UpdatedAt,
        TraceParent = traceParent,
        Data = order.ToState(),
    };

    private static OrderItemState ToState(OrderItem item) => new()
    {
        Line = item.Line,
        ProductId = item.ProductId,
        Sku = item.Sku,
        Name = item.Name,
        Description = item.Description,
        Category = item.Category,
        UnitPrice = item.UnitPrice,
        Weight = item.Weight,
        Quantity = item.Quantity,
        Total = item.Total,
    };
}

using System.Globalization;
using Orders.Contracts;

namespace Orders.Api.Domain;

/// <summary>
/// How large an order may become. Invariant: the event of every order that is written fits into a message, so that no order can stop the
/// stream of all others. A change that lets an order grow is refused in time; the moves of its lifecycle, which are few and small, have
/// room of their own beyond that, so that a full order can still be paid, delivered or cancelled.
/// </summary>
/// <param name="EventBytes">Bytes of its event up to which an order may grow.</param>
/// <param name="Refunds">Refunds of an order.</param>
/// <param name="Parcels">Parcels of an order.</param>
/// <param name="Returns">Returns of an order.</param>
internal sealed record OrderLimits(int EventBytes, int Refunds, int Parcels, int Returns)
{
    /// <summary>What the moves of an order's lifecycle add to its event together, at most; far more than they can.</summary>
    public const int MoveBytes = 64 * 1024;

    /// <summary>What an event has beside the order that it carries: its own fields, two ids and a trace context.</summary>
    public const int EnvelopeBytes = 512;

    /// <summary>Why the change may not be written, or null. Only what the change itself adds counts.</summary>
    /// <param name="change">The decision.</param>
    /// <param name="eventBytes">Bytes of its event.</param>
    public OrderError.TooLarge? Refusal(OrderChange change, int eventBytes)
    {
        var order = change.Order;
        var returns = change.Type is OrderEventTypes.Returned or OrderEventTypes.PartlyReturned;
        return (change.Refund is null ? null : Beyond("refunds", order.Refunds?.Count, Refunds))
            ?? (change.Shipment is null ? null : Beyond("shipments", order.Shipments?.Count, Parcels))
            ?? (returns ? Beyond("returns", order.Returns?.Count, Returns) : null)
            ?? Fits(order, eventBytes, Grows(change) ? EventBytes : EventBytes + MoveBytes);
    }

    /// <summary>As the other, for an order that was lived elsewhere.</summary>
    /// <param name="order">The order.</param>
    /// <param name="stateBytes">Bytes of the order itself.</param>
    public OrderError.TooLarge? Refusal(OrderState order, int stateBytes) =>
        Beyond("refunds", order.Refunds?.Count, Refunds) ?? Beyond("shipments", order.Shipments?.Count, Parcels)
        ?? Beyond("returns", order.Returns?.Count, Returns) ?? Fits(order, stateBytes + EnvelopeBytes, EventBytes);

    private static bool Grows(OrderChange change) =>
        change.From == 0 || change.LinesChanged || change.Refund is not null || change.Type == OrderEventTypes.Edited;

    private static OrderError.TooLarge? Beyond(string field, int? count, int max) => count > max
        ? new OrderError.TooLarge(field, string.Create(CultureInfo.InvariantCulture, $"an order has at most {max}, this would be {count}"))
        : null;

    private static OrderError.TooLarge? Fits(OrderState order, int bytes, int max) => bytes > max
        ? new OrderError.TooLarge("order", string.Create(CultureInfo.InvariantCulture,
            $"the event of order {order.Id} would have {bytes} bytes, and at most {max} fit"))
        : null;
}

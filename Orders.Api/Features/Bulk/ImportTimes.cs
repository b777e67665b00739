using Orders.Api.Http;
using Orders.Contracts;

namespace Orders.Api.Features.Bulk;

/// <summary>
/// When an order came to each step that its status implies. A step without an instant of its own was reached with the one before it;
/// time never runs backwards within an order.
/// </summary>
/// <param name="Steps">Steps after placing.</param>
internal sealed record ImportTimes(DateTimeOffset Placed, DateTimeOffset Updated, int Steps)
{
    /// <summary>Money arrived after the order had ended.</summary>
    public bool IsPaidLate { get; private init; }

    public DateTimeOffset? Confirmed { get; private init; }

    public DateTimeOffset? Paid { get; private init; }

    public DateTimeOffset? Shipped { get; private init; }

    public DateTimeOffset? Delivered { get; private init; }

    public DateTimeOffset? Returned { get; private init; }

    public DateTimeOffset? Cancelled { get; private init; }

    public DateTimeOffset? Failed { get; private init; }

    /// <param name="line">A line of sound shape.</param>
    /// <param name="status">Its status.</param>
    /// <param name="latest">Nothing can have happened later.</param>
    /// <param name="check">Where what does not fit goes.</param>
    public static ImportTimes Of(ImportLine line, OrderStatus status, DateTimeOffset latest, Check check)
    {
        var isReturned = status is OrderStatus.Returned;
        var isDelivered = isReturned || status is OrderStatus.Delivered;
        var isShipped = isDelivered || status is OrderStatus.Shipped;
        // An order is cancelled with or without having been confirmed and paid before: then the line says which.
        var paidAt = line.PaidAt ?? line.Payment?.At;
        var isLate = (status is OrderStatus.Cancelled && paidAt > line.CancelledAt) || (status is OrderStatus.Failed && paidAt is not null);
        var isPaid = isShipped || status is OrderStatus.Paid
            || (status is OrderStatus.Cancelled && !isLate && (line.PaidAt is not null || line.Payment is not null));
        var isConfirmed = isPaid || status is OrderStatus.Confirmed
            || (status is OrderStatus.Cancelled or OrderStatus.Failed && line.ConfirmedAt is not null);

        var walk = new Walk(line.PlacedAt!.Value, status, check);
        var confirmed = walk.Step("confirmed_at", isConfirmed, line.ConfirmedAt);
        var paid = isLate ? paidAt : walk.Step("paid_at", isPaid, line.PaidAt, line.Payment?.At);
        var shipped = walk.Step("shipped_at", isShipped, line.ShippedAt, line.Shipments?.Max(parcel => parcel!.At));
        var delivered = walk.Step("delivered_at", isDelivered, line.DeliveredAt);
        var returned = walk.Step("returned_at", isReturned, line.ReturnedAt, line.Returns?.Max(back => back!.At));
        var cancelled = walk.Step("cancelled_at", status is OrderStatus.Cancelled, line.CancelledAt);
        var failed = walk.Step("failed_at", status is OrderStatus.Failed, line.FailedAt);
        if (isLate && paid < walk.Last) check.Fail("paid_at", "must not be earlier than the end of an order that was not paid before it");
        var last = isLate && paid > walk.Last ? paid.Value : walk.Last;

        return new ImportTimes(line.PlacedAt!.Value, LastChange(line, last, latest, check), walk.Steps + (isLate ? 1 : 0))
        {
            IsPaidLate = isLate,
            Confirmed = confirmed, Paid = paid, Shipped = shipped, Delivered = delivered, Returned = returned, Cancelled = cancelled,
            Failed = failed,
        };
    }

    private static DateTimeOffset LastChange(ImportLine line, DateTimeOffset last, DateTimeOffset latest, Check check)
    {
        DateTimeOffset?[] moved =
        [
            last, line.Refunds?.Max(refund => refund!.At), line.Shipments?.Max(parcel => parcel!.At), line.Returns?.Max(back => back!.At),
            line.Shipments?.Max(parcel => parcel!.LostAt),
        ];
        var least = moved.Max()!.Value;
        if (line.UpdatedAt < least) check.Fail("updated_at", "must not be earlier than anything that happened to the order");
        var updated = line.UpdatedAt ?? least;
        if (updated > latest) check.Fail(line.UpdatedAt is null ? "placed_at" : "updated_at", "must not lie in the future");
        return updated;
    }

    /// <summary>From step to step, in the order in which they are reached.</summary>
    private sealed class Walk(DateTimeOffset placed, OrderStatus status, Check check)
    {
        private string _before = "placed_at";

        public DateTimeOffset Last { get; private set; } = placed;

        public int Steps { get; private set; }

        /// <param name="field">The step's field.</param>
        /// <param name="isReached">Whether an order of that status has come to it.</param>
        /// <param name="given">What the line says.</param>
        /// <param name="hint">When something happened that comes with the step.</param>
        public DateTimeOffset? Step(string field, bool isReached, DateTimeOffset? given, DateTimeOffset? hint = null)
        {
            if (!isReached)
            {
                if (given is not null) check.Fail(field, $"must be absent: an order that is {status.ToWire()} has none");
                return null;
            }

            Steps++;
            var at = given ?? (hint > Last ? hint.Value : Last);
            if (at < Last) check.Fail(field, $"must not be earlier than {_before}");
            (_before, Last) = (field, at);
            return at;
        }
    }
}

using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Http;

/// <summary>RFC 9457 problem details: the one place where a refusal gets its status, stable type and title.</summary>
internal static class Problems
{
    public static IResult ToProblem(this OrderError error) => error switch
    {
        OrderError.Invalid invalid => Invalid(invalid.Fields),
        OrderError.Unusable unusable =>
            Of(ProblemTypes.UnusableReference, $"{unusable.Field}: {unusable.Reason}", new FieldError(unusable.Field, unusable.Reason)),
        OrderError.NotFound missing => Of(ProblemTypes.NotFound, $"there is no {missing.What} '{missing.Id}'"),
        OrderError.IllegalMove move => Of(ProblemTypes.IllegalMove,
            $"order {move.OrderId} is {move.From.ToWire()} and cannot become {move.To.ToWire()}"),
        OrderError.PartlyShipped shipped => Of(ProblemTypes.PartlyShipped,
            $"order {shipped.OrderId} is partly shipped: cancel the rest by items, and return what has arrived"),
        OrderError.NotLosable parcel => Of(ProblemTypes.ParcelNotLosable, $"shipment {parcel.ShipmentId} of order {parcel.OrderId} "
            + (parcel.IsLost ? "is lost already" : "has arrived, or pieces of it came back")),
        OrderError.NotEditable closed => Of(ProblemTypes.NotEditable,
            $"order {closed.OrderId} is {closed.Status.ToWire()}; lines and address are settled once it is paid"),
        OrderError.NotPaid unpaid => Of(ProblemTypes.NotPaid,
            $"order {unpaid.OrderId} has no payment that could be refunded"),
        OrderError.RefundTooLarge large => Of(ProblemTypes.RefundExceedsPayment,
            FormattableString.Invariant($"amount: {large.Left} {large.Currency} of order {large.OrderId} can still be refunded"),
            [new FieldError("amount", FormattableString.Invariant($"must be at most {large.Left}"))]),
        OrderError.OutOfStock gone => Of(ProblemTypes.OutOfStock,
            $"{gone.Field}: there is not enough of product '{gone.ProductId}'", [new FieldError(gone.Field,
                $"not enough of '{gone.ProductId}'")]),
        OrderError.VersionMismatch other => Of(ProblemTypes.VersionMismatch,
            FormattableString.Invariant($"If-Match: order {other.OrderId} has version {other.Actual} by now, \"v{other.Actual}\""),
            [new FieldError("If-Match", FormattableString.Invariant($"the order's ETag is \"v{other.Actual}\""))]),
        OrderError.VersionRequired open => Of(ProblemTypes.VersionRequired,
            $"If-Match: send the ETag of order {open.OrderId} that the change was decided on",
            [new FieldError("If-Match", "is required")]),
        OrderError.NotForCustomers shop => Of(ProblemTypes.NotForCustomers,
            $"a key that is bound to a customer cannot {shop.What}"),
        OrderError.KeyReused => Of(ProblemTypes.IdempotencyKeyReused,
            "Idempotency-Key: another request was sent with it; use a new key", [new FieldError("Idempotency-Key",
                "was used for another request")]),
        OrderError.ExternalIdTaken taken => Of(ProblemTypes.ExternalIdTaken,
            $"external_id: there is an order '{taken.ExternalId}'", [new FieldError("external_id", "another order has it")]),
        OrderError.TooLarge large => Of(ProblemTypes.OrderTooLarge, $"{large.Field}: {large.Reason}",
            [new FieldError(large.Field, large.Reason)]),
        OrderError.Contended contended => Of(ProblemTypes.Contended,
            $"order {contended.OrderId} kept changing; nothing was done, try again"),
        _ => throw new InvalidOperationException($"no problem is defined for {error.GetType().Name}"),
    };

    public static IResult Invalid(params IReadOnlyList<FieldError> fields) =>
        Of(ProblemTypes.InvalidRequest, string.Join("; ", fields.Take(10).Select(field => $"{field.Field}: {field.Reason}")), fields);

    /// <param name="type">What it is, from the catalogue.</param>
    /// <param name="detail">What it is this time.</param>
    /// <param name="fields">The fields of the request that it is about.</param>
    public static IResult Of(ProblemType type, string detail, params IReadOnlyList<FieldError> fields) =>
        TypedResults.Problem(detail, statusCode: type.Status, title: type.Title, type: type.Uri,
            extensions: fields.Count == 0 ? null : new Dictionary<string, object?> { ["errors"] = fields });
}

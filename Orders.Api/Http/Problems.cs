using Orders.Api.Domain;
using Orders.Contracts;

namespace Orders.Api.Http;

/// <summary>RFC 9457 problem details: the one place where a refusal gets its status, stable type and title.</summary>
internal static class Problems
{
    private const string TypePrefix = "/problems/";

    public static IResult ToProblem(this OrderError error) => error switch
    {
        OrderError.Invalid invalid => Invalid(invalid.Fields),
        OrderError.Unusable unusable =>
            Of(StatusCodes.Status422UnprocessableEntity, "unusable_reference", "The request cannot be carried out",
            $"{unusable.Field}: {unusable.Reason}", [new FieldError(unusable.Field, unusable.Reason)]),
        OrderError.NotFound missing =>
            Of(StatusCodes.Status404NotFound, "not_found", "Not found", $"there is no {missing.What} '{missing.Id}'"),
        OrderError.IllegalMove move => Of(StatusCodes.Status409Conflict, "illegal_move", "The order's state does not allow this",
            $"order {move.OrderId} is {move.From.ToWire()} and cannot become {move.To.ToWire()}"),
        OrderError.PartlyShipped shipped => Of(StatusCodes.Status409Conflict, "partly_shipped", "Part of the order is on its way",
            $"order {shipped.OrderId} is partly shipped: ship the rest, and return it when it has arrived"),
        OrderError.NotEditable closed => Of(StatusCodes.Status409Conflict, "not_editable", "The order can no longer be edited",
            $"order {closed.OrderId} is {closed.Status.ToWire()}; lines and address are settled once it is paid"),
        OrderError.NotPaid unpaid => Of(StatusCodes.Status409Conflict, "not_paid", "The order was not paid",
            $"order {unpaid.OrderId} has no payment that could be refunded"),
        OrderError.RefundTooLarge large => Of(StatusCodes.Status409Conflict, "refund_exceeds_payment",
            "More than what is left of the payment",
            FormattableString.Invariant($"amount: {large.Left} {large.Currency} of order {large.OrderId} can still be refunded"),
            [new FieldError("amount", FormattableString.Invariant($"must be at most {large.Left}"))]),
        OrderError.OutOfStock gone => Of(StatusCodes.Status409Conflict, "out_of_stock", "Not enough pieces in stock",
            $"there is not enough of product '{gone.ProductId}'", [new FieldError("items", $"not enough of '{gone.ProductId}'")]),
        OrderError.VersionMismatch other => Of(StatusCodes.Status412PreconditionFailed, "version_mismatch", "The order has changed",
            FormattableString.Invariant($"If-Match: order {other.OrderId} has version {other.Actual} by now, \"v{other.Actual}\""),
            [new FieldError("If-Match", FormattableString.Invariant($"the order's ETag is \"v{other.Actual}\""))]),
        OrderError.VersionRequired open => Of(StatusCodes.Status428PreconditionRequired, "version_required", "If-Match is required",
            $"If-Match: send the ETag of order {open.OrderId} that the change was decided on",
            [new FieldError("If-Match", "is required")]),
        OrderError.NotForCustomers shop => Of(StatusCodes.Status403Forbidden, "not_for_customers", "This is the shop's to do",
            $"a key that is bound to a customer cannot {shop.What}"),
        OrderError.KeyReused => Of(StatusCodes.Status422UnprocessableEntity, "idempotency_key_reused",
            "The key was used for another request",
            "Idempotency-Key: another request was sent with it; use a new key", [new FieldError("Idempotency-Key",
                "was used for another request")]),
        OrderError.ExternalIdTaken taken => Of(StatusCodes.Status409Conflict, "external_id_taken", "The external id is taken",
            $"external_id: there is an order '{taken.ExternalId}'", [new FieldError("external_id", "another order has it")]),
        OrderError.Contended contended => Of(StatusCodes.Status409Conflict, "contended", "Other changes came first",
            $"order {contended.OrderId} kept changing; nothing was done, try again"),
        _ => throw new InvalidOperationException($"no problem is defined for {error.GetType().Name}"),
    };

    public static IResult Invalid(params IReadOnlyList<FieldError> fields) =>
        Of(StatusCodes.Status400BadRequest, "invalid_request", "The request is not valid",
            string.Join("; ", fields.Take(10).Select(field => $"{field.Field}: {field.Reason}")), fields);

    public static IResult Of(int status, string type, string title, string detail, IReadOnlyList<FieldError>? fields = null) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: TypePrefix + type,
            extensions: fields is null ? null : new Dictionary<string, object?> { ["errors"] = fields });
}

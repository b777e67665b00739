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

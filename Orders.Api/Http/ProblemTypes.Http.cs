using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>What any request can meet, whatever it asks for.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType InvalidRequest = new(400, "invalid_request", "The request is not valid",
        "One or more fields, query parameters or headers have values that cannot be used. Nothing was changed.",
        "Every wrong field is listed in errors with what is wrong with it: mend them all and send the request again.",
        "items[0].quantity: must be between 1 and 1000", new FieldError("items[0].quantity", "must be between 1 and 1000"));

    public static readonly ProblemType MalformedJson = new(400, "malformed_json", "The body cannot be read",
        "The body is no JSON, or holds a member that is unknown, repeated or of the wrong type. Nothing was changed.",
        "The field in errors says where reading stopped. Misspelt members are refused, not ignored.",
        "items[0].quanity: is not a known field", new FieldError("items[0].quanity", "is not a known field"));

    public static readonly ProblemType BadRequest = new(400, "bad_request", "The request cannot be read",
        "The request is broken below the level of fields: its body ends too early, or its encoding is wrong. Nothing was changed.",
        "Look at what sends the request: a proxy that cuts bodies, a Content-Length that is not the body's.",
        "body: Unexpected end of request content.", new FieldError("body", "Unexpected end of request content."));

    public static readonly ProblemType NoSuchRoute = new(404, "no_such_route", "There is no such address",
        "No endpoint has this path.",
        "Compare the path with the documentation at /docs.",
        "there is nothing at /v1/ordres");

    public static readonly ProblemType NotFound = new(404, "not_found", "Not found",
        "What the path names does not exist, or the key that asks must not see it.",
        "Check the id. A key that is bound to a customer sees that customer's own things only.",
        "there is no order 'ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00'");

    public static readonly ProblemType MethodNotAllowed = new(405, "method_not_allowed", "The address does not know this method",
        "The path exists, but not with this HTTP method. The Allow header lists the methods that it knows.",
        "Compare the method with the documentation at /docs.",
        "DELETE is not among the methods of this address");

    public static readonly ProblemType RequestTooSlow = new(408, "request_too_slow", "The request came too slowly",
        "The body arrived more slowly than the server waits for. Nothing was changed.",
        "Send it again over a better connection, or in smaller parts.",
        "body: came too slowly", new FieldError("body", "came too slowly"));

    public static readonly ProblemType BodyTooLarge = new(413, "body_too_large", "The body is too large",
        "The body has more bytes than this endpoint takes. Nothing was changed.",
        "Split it: imports and bulk requests can be sent in parts.",
        "body: must be at most 1000000 bytes", new FieldError("body", "must be at most 1000000 bytes"));

    public static readonly ProblemType WrongContentType = new(415, "wrong_content_type", "Wrong content type",
        "The body's media type, character set or encoding is not one that this endpoint reads. Nothing was changed.",
        "Send it as the documentation says, usually application/json in UTF-8 and not compressed.",
        "Content-Type: must be application/json", new FieldError("Content-Type", "must be application/json"));

    public static readonly ProblemType UnusableReference = new(422, "unusable_reference", "The request cannot be carried out",
        "The request is well formed, but a field names something that does not exist or cannot be used like this. Nothing was changed.",
        "The field and the reason are in errors: name another customer, address or product.",
        "items[0].product_id: there is no such product", new FieldError("items[0].product_id", "there is no such product"));

    public static readonly ProblemType InternalError = new(500, "internal_error", "Something went wrong on our side",
        "A defect of the service. It was logged with the trace id of this reply.",
        "Report the trace id. A write may or may not have been carried out: read the state before sending it again.",
        "the trace id leads to what happened");

    public static readonly ProblemType DatabaseUnavailable = new(503, "database_unavailable", "The database does not answer",
        "The database is away. Nothing is known to have been changed.",
        "Send the request again after the seconds in Retry-After.",
        "nothing is known to have been changed; try again");

    public static readonly ProblemType TimedOut = new(504, "timed_out", "It took too long",
        "The request took longer than the service gives it and was given up. A write may or may not have been carried out.",
        "Read the state before sending a write again, or send it again with the same Idempotency-Key.",
        "given up after 30 s");
}

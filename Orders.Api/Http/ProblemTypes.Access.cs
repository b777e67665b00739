namespace Orders.Api.Http;

/// <summary>Who may ask, for what and how often.</summary>
internal static partial class ProblemTypes
{
    public static readonly ProblemType Unauthorized = new(401, "unauthorized", "An API key is needed",
        "The request has no API key, or one that is unknown, expired or revoked.",
        "Send `Authorization: Bearer ordk_...` with a key that is valid.",
        "Authorization: send an API key as 'Bearer ordk_...'");

    public static readonly ProblemType BoundKey = new(403, "bound_key", "The key may not do this",
        "The request is about all customers, and the key is bound to one. Nothing was changed.",
        "Use a key that is not bound to a customer.",
        "Authorization: this is not for keys that are bound to a customer");

    public static readonly ProblemType MissingScope = new(403, "missing_scope", "The key may not do this",
        "The key is valid but lacks the scope that this endpoint asks for. Nothing was changed.",
        "Use a key that has the scope; the documentation of each endpoint names it.",
        "Authorization: the key lacks the scope 'orders:write'");

    public static readonly ProblemType ConfiguredKey = new(409, "configured_key", "The key is configured",
        "The key comes from the server's configuration. Nothing was changed.",
        "Change or remove it there.",
        "key 'admin' comes from the server's configuration and is changed or removed only there");

    public static readonly ProblemType RevokedKey = new(409, "revoked_key", "The key is revoked",
        "The key was revoked, and a revoked key does not come back. Nothing was changed.",
        "Create another one.",
        "key 'k7m2x9qhw3ab' was revoked and stays so; create another one");

    public static readonly ProblemType TooManyRequests = new(429, "too_many_requests", "Too many requests",
        "The key, or the address of a caller without one, has used up its requests for now. Nothing was done.",
        "Wait the seconds in Retry-After; RateLimit-Remaining says how many requests are left before it comes to this.",
        "nothing was done; try again in 1 s");
}

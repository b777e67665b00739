using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using Orders.Api.Domain;

namespace Orders.Api.Http;

/// <summary>
/// The one handler of exceptions. What the caller did wrong is a 4xx; a database that is away is 503 with Retry-After;
/// anything else is a 500 that says nothing but the trace id, and is logged whole by the middleware.
/// </summary>
internal sealed class ExceptionReplies : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested) return true;
        if (ReplyTo(exception) is not { } reply) return false;

        if (IsDatabaseAway(exception)) context.Response.Headers.RetryAfter = "2";
        await reply.ExecuteAsync(context);
        return true;
    }

    private static IResult? ReplyTo(Exception exception) => exception switch
    {
        BadRequestException bad => bad.Problem,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => OfBody(
            ProblemTypes.BodyTooLarge, $"must be at most {ApiLimits.BodyBytesMax} bytes"),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => OfBody(
            ProblemTypes.RequestTooSlow, "came too slowly"),
        BadHttpRequestException bad => OfBody(ProblemTypes.BadRequest, bad.Message),
        OutcomeUnknownException unknown => Problems.Of(ProblemTypes.OutcomeUnknown,
            unknown.HasKey
                ? $"order {unknown.OrderId} may or may not have been stored: send the request again with the same Idempotency-Key"
                : $"it may or may not have been stored: ask for /v1/orders/{unknown.OrderId} before sending it again"),
        _ when IsDatabaseAway(exception) => Problems.Of(ProblemTypes.DatabaseUnavailable,
            "nothing is known to have been changed; try again"),
        _ => null,
    };

    private static IResult OfBody(ProblemType type, string reason) =>
        Problems.Of(type, $"body: {reason}", new FieldError("body", reason));

    public static bool IsDatabaseAway(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException { IsTransient: true } or TimeoutException) return true;
            // A connection of the pool that a stopping server said good-bye on; what was asked over it was not done.
            if (cause is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown }) return true;
        }

        return false;
    }
}

/// <summary>
/// The database went away during a commit and cannot be asked. Never answered with 503: that would say "nothing was done, send it
/// again", and an order could be placed twice.
/// </summary>
internal sealed class OutcomeUnknownException(string orderId, bool hasKey)
    : Exception($"it is not known whether order {orderId} was stored")
{
    public string OrderId => orderId;

    /// <summary>The request had an idempotency key, so it can be sent again without harm.</summary>
    public bool HasKey => hasKey;
}

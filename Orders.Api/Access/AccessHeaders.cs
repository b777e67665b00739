using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Orders.Api.Access;

/// <summary>
/// The Content-Security-Policy of an endpoint whose reply is a page. Without it a reply may load, run and frame nothing.
/// </summary>
internal sealed record ContentPolicy(string Value);

/// <summary>
/// The headers of every reply. They are set when the reply starts, because a reply that is made after an exception begins by
/// clearing what was set before.
/// </summary>
internal static class AccessHeaders
{
    public const string RateLimitLimit = "RateLimit-Limit";
    public const string RateLimitRemaining = "RateLimit-Remaining";
    public const string RateLimitReset = "RateLimit-Reset";

    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoReferrer = "no-referrer";
    private static readonly StringValues Deny = "DENY";
    private static readonly StringValues NothingAtAll = "default-src 'none'; frame-ancestors 'none'";
    private static readonly StringValues HttpsForAYear = "max-age=31536000";

    public static void SetOnStart(HttpContext context) => context.Response.OnStarting(static state => Set((HttpContext)state), context);

    /// <summary>The policy of a page: what it may load and run.</summary>
    public static TBuilder UseContentPolicy<TBuilder>(this TBuilder endpoints, string policy)
        where TBuilder : IEndpointConventionBuilder => endpoints.WithMetadata(new ContentPolicy(policy));

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = NoSniff;
        headers["Referrer-Policy"] = NoReferrer;
        headers.XFrameOptions = Deny;
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy =
                context.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>() is { } policy ? policy.Value : NothingAtAll;
        }

        if (LeavesBodyUnread(context)) headers.Connection = "close";
        if (context.Request.IsHttps) headers.StrictTransportSecurity = HttpsForAYear;
        if (context.Features.Get<Admission>() is { } admission) SetRate(headers, admission);
        return Task.CompletedTask;
    }

    /// <summary>A body over its bound is not read to its end: the connection ends with the reply, and the caller is told so.</summary>
    private static bool LeavesBodyUnread(HttpContext context) => HttpProtocol.IsHttp11(context.Request.Protocol)
        && (context.Response.StatusCode == StatusCodes.Status413PayloadTooLarge
            || context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize);

    private static void SetRate(IHeaderDictionary headers, Admission admission)
    {
        headers[RateLimitLimit] = admission.Key.LimitText;
        headers[RateLimitRemaining] = admission.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[RateLimitReset] = admission.Key.Rate.SecondsToFull(admission.Remaining).ToString(CultureInfo.InvariantCulture);
    }
}

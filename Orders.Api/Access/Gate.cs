using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.RateLimiting;
using Orders.Api.Http;

namespace Orders.Api.Access;

/// <summary>
/// Every request comes by here: key, then rate, then scope. Deny by default: what names neither a scope nor
/// <c>AllowAnonymous</c> is for admins. One middleware instead of an authentication scheme with authorization policies, because
/// the three decisions need one look at the key and nothing else, and each request pays for it: with the key in memory it
/// allocates one small object.
/// </summary>
internal sealed class Gate(RequestDelegate next, KeyRing keys, RateLimits limits, TimeProvider time)
{
    private const string Scheme = "Bearer ";
    private static readonly RequiredScope AdminOnly = new(Scopes.Admin);
    private static readonly RequiredScope AnyKey = new((string?)null);

    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<IAllowAnonymous>() is not null) return PassAnonymousAsync(context, endpoint);

        string? header = context.Request.Headers.Authorization;
        if (!TryReadToken(header, out var id, out var secret)) return RefuseAsync(context, header is not null);
        if (keys.TryGet(id, out var key))
            return key is not null && key.Accepts(secret, time) ? AdmitAsync(context, key) : RefuseAsync(context, shown: true);
        // Nothing is taken for the look-up itself: the holder of a valid key does not pay for what others guess from the same address.
        return LookUpAsync(context, header!, id.ToString());
    }

    private Task PassAnonymousAsync(HttpContext context, Endpoint endpoint)
    {
        var free = endpoint.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null;
        return free || limits.TryTake(context.Connection.RemoteIpAddress, out var retryAfter)
            ? next(context)
            : Refusals.TooManyAsync(context, retryAfter);
    }

    private async Task LookUpAsync(HttpContext context, string header, string id)
    {
        var key = await keys.LookUpAsync(id, context.RequestAborted);
        if (key is not null && TryReadToken(header, out _, out var secret) && key.Accepts(secret, time)) await AdmitAsync(context, key);
        else await RefuseAsync(context, shown: true);
    }

    private Task AdmitAsync(HttpContext context, ActiveKey key)
    {
        key.Use();
        var within = limits.TryTake(key, out var remaining, out var retryAfter);
        context.Features.Set(new Admission(key, remaining));
        if (!within) return Refusals.TooManyAsync(context, retryAfter);

        var required = Required(context.GetEndpoint());
        var isBound = key.Caller.CustomerId is not null;
        var needs = required.Needs(isBound);
        if ((key.Grants & needs) != needs) return Refusals.MissingScopeAsync(context, required.Named(isBound)!);
        if (required.Unbound && isBound) return Refusals.BoundAsync(context);
        return next(context);
    }

    private Task RefuseAsync(HttpContext context, bool shown) =>
        limits.TryTake(context.Connection.RemoteIpAddress, out var retryAfter)
            ? Refusals.UnauthorizedAsync(context, shown)
            : Refusals.TooManyAsync(context, retryAfter);

    /// <summary>
    /// What an endpoint asks for. Where routing found nothing, or only that the method is wrong, there is nothing to protect and
    /// any key learns that.
    /// </summary>
    internal static RequiredScope Required(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<RequiredScope>() ?? (endpoint is RouteEndpoint ? AdminOnly : AnyKey);

    /// <summary>Whether the token that the request came with is the key's, and the key has not expired.</summary>
    internal static bool Accepts(HttpContext context, ActiveKey key, TimeProvider time) =>
        TryReadToken(context.Request.Headers.Authorization, out _, out var secret) && key.Accepts(secret, time);

    private static bool TryReadToken(string? header, out ReadOnlySpan<char> id, out ReadOnlySpan<char> secret)
    {
        id = secret = default;
        return header is not null && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && KeyToken.TryRead(header.AsSpan(Scheme.Length).Trim(' '), out id, out secret);
    }
}

/// <summary>The replies of those who are not let in.</summary>
internal static class Refusals
{
    public static Task UnauthorizedAsync(HttpContext context, bool shown)
    {
        context.Response.Headers.WWWAuthenticate = shown ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problems.Of(ProblemTypes.Unauthorized,
            shown ? "Authorization: the key is not valid: it is unknown, expired or revoked"
                : "Authorization: send an API key as 'Bearer ordk_...'").ExecuteAsync(context);
    }

    public static Task MissingScopeAsync(HttpContext context, string scope) =>
        Problems.Of(ProblemTypes.MissingScope, $"Authorization: the key lacks the scope '{scope}'").ExecuteAsync(context);

    public static Task BoundAsync(HttpContext context) =>
        Problems.Of(ProblemTypes.BoundKey, "Authorization: this is not for keys that are bound to a customer").ExecuteAsync(context);

    public static Task TooManyAsync(HttpContext context, string retryAfter)
    {
        context.Response.Headers.RetryAfter = retryAfter;
        return Problems.Of(ProblemTypes.TooManyRequests, $"nothing was done; try again in {retryAfter} s").ExecuteAsync(context);
    }
}

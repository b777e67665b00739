using Microsoft.Extensions.Options;
using Orders.Api.Access.Administration;
using Orders.Api.Http;

namespace Orders.Api.Access;

internal static class AccessExtensions
{
    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<AccessOptions>()
            .BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<AccessOptions>, AccessValidation>();
        builder.Services.AddSingleton<KeyRing>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.AddSingleton<KeyLog>();
        builder.Services.AddHostedService<KeyUses>();
        builder.Services.AddCors();
        builder.AddProxies();
    }

    /// <summary>Goes before everything that serves requests, and after what makes problem details of failures.</summary>
    public static void UseAccess(this WebApplication app)
    {
        app.UseProxies();
        var origins = app.Services.GetRequiredService<IOptions<AccessOptions>>().Value.Cors.Origins;
        app.Use(static (context, next) =>
        {
            AccessHeaders.SetOnStart(context);
            return next(context);
        });
        // A browser asks before it sends a key, so this question is answered without one.
        if (origins.Count > 0) app.UseCors(policy => Allow(policy, origins));
        app.UseMiddleware<Gate>();
    }

    private static void Allow(Microsoft.AspNetCore.Cors.Infrastructure.CorsPolicyBuilder policy, List<string> origins) => policy
        .WithOrigins([.. origins])
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "Prefer", OrderPosition.Header,
            "Last-Event-ID", "traceparent")
        .WithExposedHeaders("ETag", "Location", "Retry-After", "Idempotency-Replayed", "Preference-Applied", OrderPosition.Header,
            AccessHeaders.RateLimitLimit, AccessHeaders.RateLimitRemaining, AccessHeaders.RateLimitReset)
        .SetPreflightMaxAge(TimeSpan.FromMinutes(10));

    /// <summary>What attributes cannot say.</summary>
    private sealed class AccessValidation : IValidateOptions<AccessOptions>
    {
        public ValidateOptionsResult Validate(string? name, AccessOptions options)
        {
            List<string> mistakes = [.. ConfiguredKeys.Mistakes(options.Keys)];
            mistakes.AddRange(options.Cors.Origins.Where(origin => !IsOrigin(origin)).Select(origin =>
                $"{AccessOptions.Section}:Cors:Origins: '{origin}' is no origin such as https://shop.example"));
            mistakes.AddRange(options.TrustedProxies.Where(proxy => Proxies.Parse(proxy) is null).Select(proxy =>
                $"{AccessOptions.Section}:TrustedProxies: '{proxy}' is no address and no network such as 10.0.0.0/8"));
            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }

        private static bool IsOrigin(string text) =>
            Uri.TryCreate(text, UriKind.Absolute, out var origin) && origin.Scheme is "http" or "https"
            && text.Equals($"{origin.Scheme}://{origin.Authority}", StringComparison.Ordinal);
    }
}

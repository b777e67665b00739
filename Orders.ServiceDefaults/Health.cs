using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults;

/// <summary>
/// <c>/alive</c>: the process serves requests. <c>/health</c>: so do the servers that it cannot work without.
/// Both answer 200 or 503 with each check's state, so that a probe that fails says why.
/// </summary>
public static class Health
{
    private const string Live = "live";

    public static void AddHealth(this IHostApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [Live]);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync })
            .AllowAnonymous().DisableRateLimiting();
        routes.MapHealthChecks("/alive", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(Live),
            ResponseWriter = WriteAsync,
        }).AllowAnonymous().DisableRateLimiting();
    }

    /// <summary>
    /// Status, the checks by name, and the reasons of those that are not healthy; without exception details: the page is open to
    /// everybody who reaches the port.
    /// </summary>
    public static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status", Name(report.Status));
            json.WriteStartObject("checks");
            foreach (var (name, entry) in report.Entries) json.WriteString(name, Name(entry.Status));
            json.WriteEndObject();
            json.WriteStartObject("reasons");
            foreach (var (name, entry) in report.Entries)
            {
                // An exception's own words may name hosts and users; a description is written for this page.
                if (entry is { Status: not HealthStatus.Healthy, Exception: null, Description: { Length: > 0 } reason })
                    json.WriteString(name, reason);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        await context.Response.Body.WriteAsync(body.ToArray(), context.RequestAborted);
    }

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.ServiceDefaults;

namespace Orders.Api.Features;

/// <summary><c>GET /v1/health</c>: the same report as <c>/health</c>, at the address that API clients expect.</summary>
internal static class ServiceHealth
{
    /// <summary>What <see cref="Health.WriteAsync"/> writes.</summary>
    public sealed record Reply(string Status, Dictionary<string, string> Checks, Dictionary<string, string> Reasons);

    public static async Task Handle(HttpContext context, HealthCheckService checks)
    {
        var report = await checks.CheckHealthAsync(context.RequestAborted);
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy
            ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status200OK;
        await Health.WriteAsync(context, report);
    }
}

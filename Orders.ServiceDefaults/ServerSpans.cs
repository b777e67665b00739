using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry;

namespace Orders.ServiceDefaults;

/// <summary>
/// Gives the spans of incoming requests what ASP.NET Core 10 leaves out: name by method and route, route, status code, and the
/// error status of a 5xx, all as OpenTelemetry's HTTP conventions have it.
/// </summary>
internal sealed class ServerSpanDetails : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, proceed) =>
        {
            try
            {
                await proceed(context);
            }
            finally
            {
                if (context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span) Describe(context, span);
            }
        });
        next(app);
    };

    private static void Describe(HttpContext context, Activity span)
    {
        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError) span.SetStatus(ActivityStatusCode.Error);
        if ((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is not { } pattern) return;
        var route = "/" + pattern.Trim('/');
        span.SetTag("http.route", route);
        span.DisplayName = $"{context.Request.Method} {route}";
    }
}

/// <summary>
/// Drops the spans of health probes: they come every few seconds for ever and would bury the traces that matter. A probe's
/// children (its database ping) go with it: what starts below a span that is not recorded is not recorded either.
/// </summary>
internal sealed class ProbeFilter : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Parent is { Recorded: false } || IsProbe(data)) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    private static bool IsProbe(Activity data) =>
        data.Source.Name == "Microsoft.AspNetCore" && data.GetTagItem("url.path") is "/health" or "/alive" or "/v1/health";
}

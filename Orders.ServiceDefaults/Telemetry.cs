using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults;

/// <summary>
/// Logs, traces and metrics of a process, exported over OTLP when an endpoint is configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).
/// ASP.NET Core, HttpClient, Npgsql and the runtime emit their own activities and meters on .NET 10; they only need naming here.
/// </summary>
public static class Telemetry
{
    /// <summary>Prefix of Orders' own sources and meters: <c>Orders.Api</c>, <c>Orders.Indexer</c>, <c>Orders.Simulator</c>.</summary>
    public const string Wildcard = "Orders.*";

    private static readonly string[] Meters =
    [
        Wildcard,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Diagnostics",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
    ];

    private static readonly string[] Sources = [Wildcard, "Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // ASP.NET Core 10 names its spans and tags them by the semantic conventions only when asked to.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(Meters))
            .WithTracing(tracing => tracing.AddSource(Sources).AddProcessor(new ServerSpans()));
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }

    /// <summary>
    /// Names a server span by method and route, as the conventions have it, and drops those of health probes: they come every
    /// few seconds for ever and would bury the traces that matter. A probe's children (its database ping) go with it, since
    /// what starts below an activity that is not recorded is not recorded either.
    /// </summary>
    private sealed class ServerSpans : BaseProcessor<Activity>
    {
        private const string Source = "Microsoft.AspNetCore";

        public override void OnStart(Activity data)
        {
            if (data.Parent is { Recorded: false } || IsProbe(data)) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name != Source) return;
            if (IsProbe(data)) data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            if (data.GetTagItem("http.request.method") is string method && data.GetTagItem("http.route") is string route)
                data.DisplayName = $"{method} {route}";
        }

        private static bool IsProbe(Activity data) =>
            data.Source.Name == Source && data.GetTagItem("url.path") is "/health" or "/alive" or "/v1/health";
    }
}

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
            .WithTracing(tracing => tracing.AddSource(Sources).AddProcessor(new DropNoise()));
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }

    /// <summary>
    /// Health probes come every few seconds for ever and would bury the traces that matter. A probe's children (its
    /// database ping) are not recorded either, since the flag is inherited by what starts after the probe's own activity.
    /// </summary>
    private sealed class DropNoise : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (data.Parent is { Recorded: false }) Drop(data);
            if (data.Source.Name == "Microsoft.AspNetCore" && IsProbe(data.GetTagItem("url.path") as string)) Drop(data);
        }

        public override void OnEnd(Activity data)
        {
            // ASP.NET Core adds the path after the activity has started.
            if (data.Source.Name == "Microsoft.AspNetCore" && IsProbe(data.GetTagItem("url.path") as string)) Drop(data);
        }

        private static void Drop(Activity activity) => activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;

        private static bool IsProbe(string? path) => path is "/health" or "/alive" or "/v1/health";
    }
}

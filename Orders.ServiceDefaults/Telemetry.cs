using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults;

/// <summary>
/// Logs, traces and metrics of a process, exported over OTLP when an endpoint is configured (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>).
/// </summary>
public static class Telemetry
{
    /// <summary>Prefix of Orders' own sources and meters: <c>Orders.Api</c>, <c>Orders.Indexer</c>, <c>Orders.Simulator</c>.</summary>
    public const string Wildcard = "Orders.*";

    private const string Npgsql = "Npgsql";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(Wildcard, Npgsql)
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing.AddSource(Wildcard, Npgsql)
                .AddAspNetCoreInstrumentation(requests =>
                {
                    requests.Filter = request => !IsProbe(request.Request.Path);
                    // People search for names, phones and e-mail addresses, and an AppHost turns the redaction of values off.
                    requests.EnrichWithHttpResponse = (span, _) => span.SetTag("url.query", null);
                })
                .AddHttpClientInstrumentation());
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"])) telemetry.UseOtlpExporter();
    }

    /// <summary>
    /// Health probes come every few seconds and would bury the traces that matter. Below a span that is not recorded nothing is recorded:
    /// the probe's pings of the servers are left out with it.
    /// </summary>
    private static bool IsProbe(PathString path) => path.Value is "/health" or "/alive" or "/v1/health";
}

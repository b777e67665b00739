using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Orders.Native.Hosting;

/// <summary>What every project is told before its launch profile and the AppHost's own settings, which may override it.</summary>
internal static class ProjectEnvironment
{
    public const string InstanceIdAnnotation = "otel-service-instance-id";

    public static Dictionary<string, object> Create(ProjectResource project, DashboardSettings dashboard, IHostEnvironment environment)
    {
        var variables = new Dictionary<string, object>
        {
            ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
            ["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true",
            ["LOGGING__CONSOLE__FORMATTERNAME"] = "simple",
            ["OTEL_SERVICE_NAME"] = project.Name,
            ["OTEL_RESOURCE_ATTRIBUTES"] = $$$"""service.instance.id={{- index .Annotations "{{{InstanceIdAnnotation}}}" -}}""",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EXCEPTION_LOG_ATTRIBUTES"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"] = "true",
            ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
        };
        if (Urls(project) is { Length: > 0 } urls)
            variables["ASPNETCORE_URLS"] = urls;
        foreach (var endpoint in project.Annotations.OfType<EndpointAnnotation>().Where(e => e.TargetPortEnvironmentVariable is not null))
            variables[endpoint.TargetPortEnvironmentVariable!] = EndpointAllocator.ListenPort(project, endpoint);

        if (dashboard.IsEnabled)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = dashboard.OtlpGrpcUrl;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            if (dashboard.OtlpApiKey is { } key)
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (environment.IsDevelopment())
        {
            // What was just done shows up in the dashboard at once, and all of it.
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }

        return variables;
    }

    private static string Urls(ProjectResource project) => string.Join(';', project.Annotations.OfType<EndpointAnnotation>()
        .Where(e => e.UriScheme is "http" or "https" && e.TargetPortEnvironmentVariable is null)
        .Select(e => $"{e.UriScheme}://{e.TargetHost}:{EndpointAllocator.ListenPort(project, e)}"));
}

namespace Orders.Native.Dashboard;

public sealed record DashboardOptions
{
    /// <summary>Where the browser goes, e.g. <c>http://localhost:15888</c>.</summary>
    public required string FrontendUrl { get; init; }

    /// <summary>Where the services send telemetry, OTLP over gRPC, e.g. <c>http://localhost:4317</c>.</summary>
    public required string OtlpGrpcUrl { get; init; }

    /// <summary>The same over HTTP/protobuf, e.g. <c>http://localhost:4318</c>.</summary>
    public required string OtlpHttpUrl { get; init; }

    /// <summary><see cref="ResourceService.Address"/>.</summary>
    public required string ResourceServiceUrl { get; init; }

    public required string ResourceServiceApiKey { get; init; }

    /// <summary>What the login asks for; null lets everybody in.</summary>
    public string? BrowserToken { get; init; }

    /// <summary>What senders of telemetry put into the header <c>x-otlp-api-key</c>; null takes telemetry from everybody.</summary>
    public string? OtlpApiKey { get; init; }

    public required string ApplicationName { get; init; }
}

/// <summary>The process <c>aspire-managed dashboard</c>, as far as its configuration goes.</summary>
public static class DashboardProcess
{
    // The dashboard keeps telemetry in memory: at its own limit of 10,000 traces, of 12 spans each, it took 0.55 GB;
    // at 2,000 it takes 0.3 GB, next to 0.12 GB when empty.
    private static readonly IReadOnlyDictionary<string, string> Frugal = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Dashboard__TelemetryLimits__MaxLogCount"] = "5000",
        ["Dashboard__TelemetryLimits__MaxTraceCount"] = "2000",
        ["Dashboard__TelemetryLimits__MaxMetricsCount"] = "10000",
        ["Dashboard__TelemetryLimits__MaxAttributeLength"] = "8192",
        ["Dashboard__TelemetryLimits__MaxSpanEventCount"] = "100",
        // Each page that is left cancels its calls, which is worth no line.
        ["Logging__LogLevel__Grpc"] = "Warning",
        ["Logging__LogLevel__Microsoft.AspNetCore.DataProtection"] = "Error",
    };

    /// <summary>The variables to add to the inherited environment.</summary>
    public static IReadOnlyDictionary<string, string> Environment(DashboardOptions options)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            // Both: the app host that this process inherits from has its own of either name.
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = options.FrontendUrl,
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = options.OtlpGrpcUrl,
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = options.OtlpHttpUrl,
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = options.ResourceServiceUrl,
            ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
            ["Dashboard__ApplicationName"] = options.ApplicationName,
            ["Dashboard__ResourceServiceClient__AuthMode"] = "ApiKey",
            ["Dashboard__ResourceServiceClient__ApiKey"] = options.ResourceServiceApiKey,
        };
        foreach (var (name, value) in Frugal)
            variables[name] = value;
        Authenticate("Dashboard__Frontend", "BrowserToken", "BrowserToken", options.BrowserToken);
        Authenticate("Dashboard__Otlp", "ApiKey", "PrimaryApiKey", options.OtlpApiKey);
        return variables;

        void Authenticate(string section, string mode, string keyName, string? key)
        {
            variables[section + "__AuthMode"] = key is null ? "Unsecured" : mode;
            if (key is not null)
                variables[$"{section}__{keyName}"] = key;
        }
    }

    /// <summary>The link to print: logs the browser in when there is a token.</summary>
    public static string LoginUrl(DashboardOptions options)
    {
        var frontend = options.FrontendUrl.TrimEnd('/');
        return options.BrowserToken is { } token ? $"{frontend}/login?t={Uri.EscapeDataString(token)}" : frontend;
    }
}

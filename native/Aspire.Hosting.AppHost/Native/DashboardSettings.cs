using System.Security.Cryptography;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Orders.Native.Servers;

namespace Orders.Native.Hosting;

/// <summary>Where the dashboard listens and who may enter, from the AppHost's launch profile.</summary>
internal sealed class DashboardSettings
{
    public DashboardSettings(IConfiguration configuration, DistributedApplicationOptions options)
    {
        IsEnabled = !options.DisableDashboard;
        FrontendUrl = First(configuration["ASPNETCORE_URLS"] ?? configuration["urls"]) ?? FreeUrl();
        OtlpGrpcUrl = First(configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]) ?? FreeUrl();
        OtlpHttpUrl = First(configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"]) ?? FreeUrl();
        ResourceServiceUrl = First(configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"]) ?? FreeUrl();

        var anonymous = configuration.GetValue("ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", false);
        BrowserToken = anonymous ? null : configuration["AppHost:BrowserToken"] ?? NewKey();
        OtlpApiKey = anonymous ? null : configuration["AppHost:OtlpApiKey"] ?? NewKey();
    }

    public bool IsEnabled { get; }

    public string FrontendUrl { get; }

    public string OtlpGrpcUrl { get; }

    public string OtlpHttpUrl { get; }

    public string ResourceServiceUrl { get; }

    public string ResourceServiceApiKey { get; } = NewKey();

    public string? BrowserToken { get; }

    public string? OtlpApiKey { get; }

    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static string FreeUrl() => FormattableString.Invariant($"http://127.0.0.1:{FreePort.Next()}");

    private static string? First(string? urls) =>
        urls?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();
}

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.Native.Dashboard;
using Orders.Native.Hosting.Dcp;

namespace Orders.Native.Hosting;

/// <summary>The Aspire dashboard as a process of its own, and the service of this process that it reads the resources from.</summary>
internal sealed class DashboardHost(
    DashboardSettings settings,
    DistributedApplicationOptions options,
    IHostEnvironment environment,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    ResourceCommandService commands,
    ILogger<DistributedApplication> logger) : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private ResourceService? _service;

    /// <summary>The hidden resource that shows the dashboard's own state and output.</summary>
    public ExecutableResource Resource { get; } = new("aspire-dashboard", "aspire-managed", Path.GetTempPath());

    private string ApplicationName =>
        options.DashboardApplicationName ?? environment.ApplicationName.Replace(".AppHost", "", StringComparison.OrdinalIgnoreCase);

    public async Task<ExecutableSpec> StartServiceAsync(
        Instance instance, string dashboardPath, string folder, CancellationToken cancellationToken)
    {
        var source = new DashboardSource(ApplicationName, notifications, loggers, commands);
        _service = await ResourceService.StartAsync(
            source, settings.ResourceServiceUrl, settings.ResourceServiceApiKey, cancellationToken).ConfigureAwait(false);
        return new ExecutableSpec(instance.Id, dashboardPath, folder, ["dashboard"], DashboardProcess.Environment(Options(_service)));
    }

    /// <summary>Says where the dashboard is, once it answers.</summary>
    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var response = await client.GetAsync(settings.FrontendUrl, cancellationToken).ConfigureAwait(false);
                logger.LogInformation("Now listening on: {Url}", settings.FrontendUrl);
                if (settings.BrowserToken is not null)
                    logger.LogInformation("Login to the dashboard at {Url}", DashboardProcess.LoginUrl(Options(_service!)));
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync().ConfigureAwait(false);
        _service = null;
    }

    private DashboardOptions Options(ResourceService service) => new()
    {
        FrontendUrl = settings.FrontendUrl,
        OtlpGrpcUrl = settings.OtlpGrpcUrl,
        OtlpHttpUrl = settings.OtlpHttpUrl,
        ResourceServiceUrl = service.Address.ToString(),
        ResourceServiceApiKey = settings.ResourceServiceApiKey,
        BrowserToken = settings.BrowserToken,
        OtlpApiKey = settings.OtlpApiKey,
        ApplicationName = ApplicationName,
    };
}

using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Orders.Native.Hosting;

internal static class NativeServices
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<DashboardSettings>();
        services.AddSingleton<DashboardHost>();
        services.AddSingleton<NativeHost>();
        services.AddHostedService(s => s.GetRequiredService<NativeHost>());
        services.AddHostedService<ResourceLogCopy>();
    }

    /// <summary>Copies the resources' console output to the host's log, when asked for.</summary>
    private sealed class ResourceLogCopy(
        DistributedApplicationOptions options, ResourceLoggerService resources, ILoggerFactory loggers,
            IHostEnvironment environment) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            if (options.EnableResourceLogging)
            {
                resources.Copy = (id, line) => loggers.CreateLogger($"{environment.ApplicationName}.Resources.{id}")
                    .Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{Line}", line.Content);
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

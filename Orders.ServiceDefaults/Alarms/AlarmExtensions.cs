using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.ServiceDefaults.Alarms;

public static class AlarmExtensions
{
    /// <summary>Watches every health check of this process.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="database">The database of orders, as this process is connected to it.</param>
    public static void AddAlarms(this IHostApplicationBuilder builder, Func<IServiceProvider, DbDataSource> database)
    {
        builder.Services.AddOptions<AlarmOptions>()
            .BindConfiguration(AlarmOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IAlarmReceiver>(services =>
            ActivatorUtilities.CreateInstance<AlarmWebhooks>(services, database(services)));
        builder.Services.AddSingleton<IHealthCheckPublisher, AlarmPublisher>();
        // It would repeat at every look and every probe what an alarm says once.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Services.AddOptions<HealthCheckPublisherOptions>().Configure<IOptions<AlarmOptions>>((publisher, alarms) =>
            publisher.Delay = publisher.Period = alarms.Value.Interval);
    }
}

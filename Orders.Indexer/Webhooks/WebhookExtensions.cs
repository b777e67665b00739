using Orders.Contracts;
using Orders.Indexer.Streams;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Indexer.Webhooks;

internal static class WebhookExtensions
{
    /// <summary>Records who is to be told of which event, and tells them.</summary>
    public static void AddWebhooks(this IHostApplicationBuilder builder)
    {
        // The cache goes on without the database; that webhooks and search do not is said by their streams' health.
        builder.AddNpgsqlDataSource(WireNames.Connections.OrdersDb, settings => settings.DisableHealthChecks = true);
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.Lease > options.Timeout, "Lease must be longer than Timeout").ValidateOnStart();
        builder.Services.AddOptions<WebhookTargets>().BindConfiguration(WebhookTargets.Section);
        builder.Services.AddSingleton<WebhookMetrics>();
        builder.Services.AddSingleton<DispatchBell>();
        builder.Services.AddSingleton<DeliveryRecords>();
        builder.Services.AddSingleton<DeliveryQueue>();
        builder.Services.AddSingleton<DeliveryResults>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.AddProjection<WebhookProjection>();
        builder.Services.AddHostedService<WebhookDispatcher>();
        builder.Services.AddHostedService<WebhookHousekeeping>();
    }
}

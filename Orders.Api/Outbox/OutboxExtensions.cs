namespace Orders.Api.Outbox;

internal static class OutboxExtensions
{
    public static void AddOutboxRelay(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OutboxOptions>()
            .BindConfiguration(OutboxOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OutboxMetrics>();
        builder.Services.AddSingleton<OutboxHealth>();
        builder.Services.AddHealthChecks().AddCheck<OutboxHealth>("outbox relay");
        builder.Services.AddHostedService<OutboxRelay>();
    }
}

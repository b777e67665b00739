using Orders.Api.Inbound.Legacy;

namespace Orders.Api.Inbound;

internal static class InboundExtensions
{
    public static void AddInbound(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<InboundOptions>()
            .BindConfiguration(InboundOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderRequests>();
        builder.Services.AddSingleton<AcceptOrder>();
        builder.Services.AddSingleton<InboundHandler>();
        builder.Services.AddSingleton<InboundMoves>();
        builder.AddLegacy();
        builder.Services.AddSingleton<InboundMetrics>();
        builder.Services.AddSingleton<InboundSender>();
        builder.Services.AddHostedService(services => services.GetRequiredService<InboundSender>());
        builder.Services.AddHostedService<InboundConsumer>();
    }
}

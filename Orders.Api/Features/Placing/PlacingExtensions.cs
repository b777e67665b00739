namespace Orders.Api.Features.Placing;

internal static class PlacingExtensions
{
    public static void AddPlacing(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PricingOptions>()
            .BindConfiguration(PricingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DraftReader>();
        builder.Services.AddSingleton<OrderPlacer>();
    }
}

namespace Orders.Api.Features.Searching;

internal static class SearchingExtensions
{
    public static void AddSearching(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<SearchingOptions>()
            .BindConfiguration(SearchingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<PositionWait>();
        builder.Services.AddSingleton<SearchFreshness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SearchFreshness>());
    }
}

namespace Orders.Api.Http;

internal static class ApiExtensions
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = ApiLimits.BodyBytesMax;
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddProblemDetails(problems => problems.CustomizeProblemDetails = Problems.Complete);
        builder.Services.AddExceptionHandler<ExceptionReplies>();
        builder.Services.ConfigureHttpJsonOptions(RequestJson.ConfigureReplies);
    }

    /// <summary>Every reply that is not a success has a problem body, also the ones that no endpoint of ours made.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }
}

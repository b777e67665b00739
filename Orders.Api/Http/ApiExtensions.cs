using System.Globalization;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orders.Api.Http;

internal static class ApiExtensions
{
    public static void AddApi(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations()
            .Validate(api => api.PageSizeDefault <= api.PageSizeMax, $"{ApiOptions.Section}: PageSizeDefault exceeds PageSizeMax")
            .ValidateOnStart();
        var options = builder.Configuration.GetSection(ApiOptions.Section).Get<ApiOptions>() ?? new ApiOptions();
        ApiLimits.Use(options);
        builder.WebHost.ConfigureKestrel(kestrel => SetLimits(kestrel, options));
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = options.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            WriteTimeoutResponse = WriteTimedOutAsync,
        });
        services.AddOptions<ServerErrorOptions>()
            .BindConfiguration(ServerErrorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServerErrors>();
        services.AddHealthChecks().AddCheck<ServerErrors>("server errors");
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionReplies>();
        services.ConfigureHttpJsonOptions(RequestJson.ConfigureReplies);
    }

    /// <summary>Every reply that is not a success has a problem body, also the ones that no endpoint of ours made.</summary>
    public static void UseApi(this WebApplication app)
    {
        app.UseHead();
        var errors = app.Services.GetRequiredService<ServerErrors>();
        app.Use(async (context, next) =>
        {
            await next(context);
            errors.Count(context.Response.StatusCode);
        });
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => WriteAsync(context, ProblemTypes.InternalError),
        });
        app.UseStatusCodePages(pages => ProblemTypes.ForStatus(pages.HttpContext.Response.StatusCode) is { } type
            ? WriteAsync(pages.HttpContext, type)
            : Task.CompletedTask);
        app.UseRouting();
        app.UseRequestTimeouts();
    }

    private static void SetLimits(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.BodyBytesMax;
        limits.MaxRequestLineSize = options.RequestLineBytesMax;
        limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        limits.MaxRequestHeaderCount = options.HeadersMax;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.MaxConcurrentConnections = options.ConnectionsMax;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.KeepAliveTimeout = options.KeepAlive;
        limits.MinRequestBodyDataRate = new MinDataRate(options.BytesPerSecondMin, options.BytesGracePeriod);
        limits.MinResponseDataRate = new MinDataRate(options.BytesPerSecondMin, options.BytesGracePeriod);
        limits.Http2.MaxStreamsPerConnection = options.StreamsPerConnectionMax;
        // The line is held in one piece while it is read.
        limits.MaxRequestBufferSize = Math.Max(1 << 20, options.RequestLineBytesMax);
    }

    /// <summary>Whatever the caller accepts: the framework's own pages turn into plain text when that is not JSON.</summary>
    private static Task WriteAsync(HttpContext context, ProblemType type) => Problems.Of(type, type.Meaning).ExecuteAsync(context);

    private static Task WriteTimedOutAsync(HttpContext context)
    {
        var patience = context.RequestServices.GetRequiredService<IOptions<ApiOptions>>().Value.RequestTimeout;
        return Problems.Of(ProblemTypes.TimedOut, string.Create(CultureInfo.InvariantCulture, $"given up after {patience.TotalSeconds} s"))
            .ExecuteAsync(context);
    }
}

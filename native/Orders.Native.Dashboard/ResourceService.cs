using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orders.Native.Dashboard;

/// <summary>
/// The gRPC service that the dashboard reads resources from. Listens on the loopback interface only, HTTP/2 in clear.
/// Every call carries the API key. Watches end when the dashboard goes away or this service stops, and a stopped service
/// ends them as <c>Unavailable</c>: on any other ending the dashboard would come back without a pause.
/// </summary>
public sealed partial class ResourceService : IAsyncDisposable
{
    private const string ApiKeyHeader = "x-resource-service-api-key";
    private const string Prefix = "/aspire.v1.DashboardService/";

    private readonly WebApplication app;
    private readonly CancellationTokenSource stopping = new();
    private readonly byte[] apiKey;
    private readonly ILogger log;

    private ResourceService(WebApplication app, string apiKey, ILogger log)
    {
        this.app = app;
        this.apiKey = Encoding.UTF8.GetBytes(apiKey);
        this.log = log;
    }

    /// <summary>Where it listens, with the real port.</summary>
    public Uri Address { get; private set; } = null!;

    /// <inheritdoc cref="StartAsync(IResourceSource, string, string, ILoggerFactory, CancellationToken)"/>
    public static Task<ResourceService> StartAsync(
        IResourceSource source, string url, string apiKey, CancellationToken cancellationToken) =>
        StartAsync(source, url, apiKey, NullLoggerFactory.Instance, cancellationToken);

    /// <param name="source">What is shown.</param>
    /// <param name="url"><c>http://127.0.0.1:port</c> or <c>http://localhost:port</c>; port 0 takes a free one.</param>
    /// <param name="apiKey">What the dashboard must send; see <see cref="DashboardOptions.ResourceServiceApiKey"/>.</param>
    /// <param name="loggers">Gets what <paramref name="source"/> throws, and nothing else.</param>
    /// <param name="cancellationToken">Cancels the start, not the service.</param>
    public static async Task<ResourceService> StartAsync(
        IResourceSource source, string url, string apiKey, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(apiKey);
        var app = CreateApplication(new Uri(url, UriKind.Absolute));
        var service = new ResourceService(app, apiKey, loggers.CreateLogger<ResourceService>());
        service.Map(new DashboardCalls(source, service.log));
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }

        service.Address = new Uri(app.Urls.Single());
        return service;
    }

    public async ValueTask DisposeAsync()
    {
        // In this order the watches end with a status; disposing alone would cut their connections.
        await stopping.CancelAsync();
        await app.StopAsync();
        await app.DisposeAsync();
        stopping.Dispose();
    }

    private static WebApplication CreateApplication(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttp || !url.IsLoopback)
            throw new ArgumentException($"'{url}' is not an http address of this machine.", nameof(url));

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A quiet stream is no slow client.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, url.Port, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        return builder.Build();
    }

    private void Map(DashboardCalls calls)
    {
        app.UseRouting();
        MapCall("GetApplicationInformation", calls.GetApplicationInformationAsync);
        MapCall("WatchResources", calls.WatchResourcesAsync);
        MapCall("WatchResourceConsoleLogs", calls.WatchConsoleAsync);
        MapCall("ExecuteResourceCommand", calls.ExecuteCommandAsync);
        MapCall("WatchInteractions", DashboardCalls.WatchInteractionsAsync);
        app.MapFallback(http => AnswerAsync(http, static (_, _) =>
            throw new GrpcException(GrpcStatus.Unimplemented, "Not offered by this app host.")));

        void MapCall(string name, Func<HttpContext, CancellationToken, Task> call) =>
            app.MapPost(Prefix + name, (RequestDelegate)(http => AnswerAsync(http, call)));
    }

    private async Task AnswerAsync(HttpContext http, Func<HttpContext, CancellationToken, Task> call)
    {
        if (!IsAllowed(http.Request))
        {
            GrpcCall.End(http, GrpcStatus.Unauthenticated, "The API key is missing or wrong.");
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping.Token);
        try
        {
            await call(http, ended.Token);
            GrpcCall.End(http, GrpcStatus.Ok);
        }
        catch (GrpcException e)
        {
            GrpcCall.End(http, e.Status, e.Message);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The page was closed or the dashboard stopped: nobody is left to answer.
            http.Abort();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            GrpcCall.End(http, GrpcStatus.Unavailable, "The app host is stopping.");
        }
        catch (Exception e)
        {
            LogCallFailed(http.Request.Path, e);
            GrpcCall.End(http, GrpcStatus.Internal, e.Message);
        }
    }

    private bool IsAllowed(HttpRequest request) =>
        request.Headers.TryGetValue(ApiKeyHeader, out var sent) && sent.Count == 1
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent[0]!), apiKey);

    [LoggerMessage(LogLevel.Error, "The dashboard's call {Call} failed.")]
    private partial void LogCallFailed(string call, Exception e);

    /// <summary>Signals to the process are the app host's business; the default would take them.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

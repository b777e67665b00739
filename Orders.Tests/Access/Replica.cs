using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Api.Access;
using Orders.Api.Http;
using Orders.Api.Persistence;

namespace Orders.Tests.Access;

/// <summary>
/// A second process' worth of access control: the product's own gate in front of a few routes, on the application's database, with
/// settings and a clock of its own.
/// </summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly WebApplication _web;

    private Replica(WebApplication web, SteppedTime time) => (_web, Time) = (web, time);

    public SteppedTime Time { get; }

    public static async Task<Replica> StartAsync(string database, params (string Name, string Value)[] settings)
    {
        var time = new SteppedTime();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings
            .Select(setting => KeyValuePair.Create($"Orders:Access:{setting.Name}", (string?)setting.Value))
            .Append(KeyValuePair.Create("ConnectionStrings:ordersdb", (string?)database)));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddPersistence();
        builder.AddApi();
        builder.AddAccess();
        using var certificate = SelfSigned();
        var held = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(held));
        });
        var web = builder.Build();
        web.UseApi();
        web.UseAccess();
        web.MapGet("/read", (Caller caller) => caller.CustomerId ?? "everybody").RequireScope(Scopes.OrdersRead);
        web.MapPost("/write", () => "written").RequireScope(Scopes.OrdersWrite);
        web.MapGet("/forgotten", () => "nobody said who may read this");
        web.MapGet("/crash", string () => throw new InvalidOperationException("on purpose")).RequireScope(null);
        web.MapGet("/open", () => "open").AllowAnonymous();
        web.MapGet("/page", () => "a page").AllowAnonymous().UseContentPolicy("default-src 'self'");
        web.MapGet("/probe", () => "alive").AllowAnonymous().DisableRateLimiting();
        await web.StartAsync();
        return new Replica(web, time);
    }

    public HttpClient Client(string? token = null, bool https = false)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        var address = _web.Urls.Single(url => url.StartsWith(https ? "https:" : "http:", StringComparison.Ordinal));
        var client = new HttpClient(handler) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}

/// <summary>The time of day, plus what a test has stepped ahead. Timers run as ever.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

    public void Step(TimeSpan ahead) => Interlocked.Add(ref _ahead, ahead.Ticks);
}

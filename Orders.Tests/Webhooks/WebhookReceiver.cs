using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Webhooks;

/// <summary>A receiver of webhooks: a real server that keeps every request and answers as the test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedWebhook> _received = new();
    private int _port;
    private WebApplication? _web;

    /// <summary>The address to subscribe, the same after <see cref="StartAgainAsync"/>.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/hooks?token=not-for-logs");

    /// <summary>What to answer; 204 unless a test says otherwise.</summary>
    public Func<ReceivedWebhook, HttpContext, Task> Answer { get; set; } = (_, context) => Status(context, HttpStatusCode.NoContent);

    /// <summary>Everything received so far, oldest first.</summary>
    public IReadOnlyList<ReceivedWebhook> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver.StartAgainAsync();
        return receiver;
    }

    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));
        _web = builder.Build();
        _web.Run(ReceiveAsync);
        await _web.StartAsync();
        _port = new Uri(_web.Urls.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (_web is null) return;
        await _web.DisposeAsync();
        _web = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    public static Task Status(HttpContext context, HttpStatusCode status, string body = "")
    {
        context.Response.StatusCode = (int)status;
        return body.Length > 0 ? context.Response.WriteAsync(body) : Task.CompletedTask;
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var received = new ReceivedWebhook(
            context.Request.Method, context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray());
        _received.Enqueue(received);
        await Answer(received, context);
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record ReceivedWebhook(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public JsonElement Event => JsonSerializer.Deserialize<JsonElement>(Body);

    public int Version => Event.GetProperty("data").GetProperty("version").GetInt32();

    /// <summary>Checks the signature as a receiver would, from the description of the scheme alone.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var signed = Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.").Concat(Body).ToArray();
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed));
        return Headers["webhook-signature"].Split(' ').Contains(expected);
    }
}

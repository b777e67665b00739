using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orders.Indexer.Webhooks;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Tests.Webhooks;

/// <summary>One call, against a real receiver.</summary>
[Unit]
public sealed class SenderTests : IAsyncLifetime
{
    private static readonly string Secret = WebhookSecret.Generate();
    private static readonly WebhookTargets Anywhere = new() { AllowHttp = true, AllowPrivateNetworks = true };

    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await WebhookReceiver.StartAsync();

    public async ValueTask DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task A_receiver_gets_the_event_as_it_is_and_can_check_who_sent_it()
    {
        var attempt = await SendAsync(Sent(payload: """{"a":"ñ"}"""));

        Assert.Equal(204, attempt.StatusCode);
        var received = Assert.Single(_receiver.Received);
        Assert.Equal(("POST", "/hooks?token=not-for-logs"), (received.Method, received.Target));
        Assert.Equal("application/cloudevents+json", received.Headers["Content-Type"]);
        Assert.Equal("""{"a":"ñ"}"""u8, received.Body);
        Assert.Equal("ord-1.1", received.Id);
        Assert.True(received.IsSignedWith(Secret));
        Assert.False(received.IsSignedWith(WebhookSecret.Generate()));
    }

    [Fact]
    public async Task A_redirect_is_a_reply_and_not_followed()
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        _receiver.Answer = (_, context) =>
        {
            context.Response.Redirect(elsewhere.Url, permanent: true, preserveMethod: true);
            return Task.CompletedTask;
        };

        Assert.Equal(308, (await SendAsync(Sent())).StatusCode);
        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_is_given_up()
    {
        var ended = new TaskCompletionSource();
        _receiver.Answer = (_, _) => ended.Task;

        var attempt = await SendAsync(Sent(), timeout: 1);

        ended.SetResult();
        Assert.Equal((null, AttemptErrors.Timeout), (attempt.StatusCode, attempt.Error));
        Assert.InRange(attempt.Latency, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Only_the_beginning_of_a_long_reply_is_read()
    {
        _receiver.Answer = async (_, context) =>
        {
            context.Response.StatusCode = 500;
            var part = new byte[64 * 1024];
            Array.Fill(part, (byte)'x');
            // Without an end: the sender hangs up.
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(part, context.RequestAborted);
        };

        var attempt = await SendAsync(Sent());

        Assert.Equal((500, new string('x', 1024)), (attempt.StatusCode, attempt.Response));
    }

    [Fact]
    public async Task Control_characters_of_a_reply_become_spaces()
    {
        _receiver.Answer = (_, context) => context.Response.WriteAsync("a\0b\tc\nd");

        Assert.Equal("a b c\nd", (await SendAsync(Sent())).Response);
    }

    [Fact]
    public async Task Nobody_listening_is_an_error_with_a_name()
    {
        await _receiver.StopAsync();

        Assert.Equal(AttemptErrors.ConnectionFailed, (await SendAsync(Sent())).Error);
    }

    [Theory]
    [InlineData("http://localhost:1/")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task Without_leave_no_private_address_is_connected_to(string url)
    {
        var attempt = await SendAsync(Sent(url: url), new WebhookTargets { AllowHttp = true });

        Assert.Equal(AttemptErrors.AddressNotAllowed, attempt.Error);
    }

    [Fact]
    public async Task Where_a_name_leads_is_looked_at_when_it_is_connected_to()
    {
        using var http = new HttpClient(TargetConnections.Handler(new WebhookTargets { AllowHttp = true }, TimeSpan.FromSeconds(5)));
        var url = $"http://localhost:{new Uri(_receiver.Url).Port}/";

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(url));

        Assert.IsType<TargetNotAllowedException>(error.InnerException);
        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task Https_to_a_server_that_speaks_none_is_an_error_with_a_name()
    {
        var attempt = await SendAsync(Sent(url: _receiver.Url.Replace("http:", "https:", StringComparison.Ordinal)));

        Assert.Equal(AttemptErrors.TlsFailed, attempt.Error);
    }

    [Fact]
    public async Task What_a_receiver_asks_for_is_read()
    {
        _receiver.Answer = (_, context) =>
        {
            context.Response.Headers.RetryAfter = "17";
            return WebhookReceiver.Status(context, HttpStatusCode.TooManyRequests, "slow down");
        };

        var attempt = await SendAsync(Sent());

        Assert.Equal((429, TimeSpan.FromSeconds(17), "slow down"), (attempt.StatusCode, attempt.RetryAfter, attempt.Response));
    }

    private static async Task<Attempt> SendAsync(Delivery delivery, WebhookTargets? targets = null, int timeout = 20)
    {
        var options = new WebhookOptions { Timeout = TimeSpan.FromSeconds(timeout) };
        using var sender = new WebhookSender(Options.Create(targets ?? Anywhere), Options.Create(options), TimeProvider.System);
        return await sender.SendAsync(delivery, CancellationToken.None);
    }

    private Delivery Sent(string payload = "{}", string? url = null) => new(
        "ord-1.1", "whk-1", 1, 1, 0, false, false, new WebhookTarget(url ?? _receiver.Url, Secret, null),
        new WebhookEvent("orders.placed", "ord-1", null, payload, default));
}

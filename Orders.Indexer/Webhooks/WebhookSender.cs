using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Orders.Contracts;
using Orders.ServiceDefaults.Webhooks;

namespace Orders.Indexer.Webhooks;

/// <summary>Calls a receiver once and says what came of it. Whatever a receiver does is an <see cref="Attempt"/>, never an
/// exception.</summary>
internal sealed class WebhookSender(IOptions<WebhookTargets> targets, IOptions<WebhookOptions> options, TimeProvider time) : IDisposable
{
    private readonly WebhookOptions _options = options.Value;
    private readonly HttpClient _http =
        new(TargetConnections.Handler(targets.Value, options.Value.Timeout)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="OperationCanceledException">Cancelled from outside: nothing is known about this try.</exception>
    public async Task<Attempt> SendAsync(Delivery delivery, CancellationToken cancel)
    {
        var at = time.GetUtcNow();
        if (delivery.Event is not { } recorded) return new Attempt(at, TimeSpan.Zero, null, AttemptErrors.EventGone);
        var url = new Uri(delivery.Target.Url);
        using var span = StartSpan(delivery, recorded, url);
        var started = time.GetTimestamp();
        // What was allowed when the subscription was made may not be any more.
        var attempt = targets.Value.Refuse(url) is null
            ? await TryAsync(delivery, recorded, url, at, cancel)
            : new Attempt(at, TimeSpan.Zero, null, AttemptErrors.AddressNotAllowed);
        attempt = attempt with { Latency = time.GetElapsedTime(started) };
        span?.SetTag("http.response.status_code", attempt.StatusCode);
        if (!attempt.Succeeded) span?.SetStatus(ActivityStatusCode.Error, attempt.Error);
        return attempt;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Attempt> TryAsync(
        Delivery delivery, WebhookEvent recorded, Uri url, DateTimeOffset at, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = Compose(delivery, recorded, url, at);
            using var reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var status = (int)reply.StatusCode;
            return new Attempt(at, default, status, null, await ExcerptAsync(reply, limit.Token), RetryAfter(reply, at));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Attempt(at, default, null, AttemptErrors.Timeout);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new Attempt(at, default, null, ErrorOf(failure));
        }
    }

    private static HttpRequestMessage Compose(Delivery delivery, WebhookEvent recorded, Uri url, DateTimeOffset at)
    {
        var body = Encoding.UTF8.GetBytes(recorded.Payload);
        var seconds = at.ToUnixTimeSeconds();
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(WireNames.Headers.CloudEventsContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Orders-Webhooks", "1"));
        request.Headers.Add(WireNames.Headers.WebhookId, delivery.EventId);
        request.Headers.Add(WireNames.Headers.WebhookTimestamp, seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WireNames.Headers.WebhookSignature, WebhookSignature.Header(
            delivery.EventId, seconds, body, delivery.Target.Secret, delivery.Target.PreviousSecret));
        if (Activity.Current?.Id is { } trace) request.Headers.Add("traceparent", trace);
        return request;
    }

    /// <summary>Continues the event's trace, hours later too. Host and port only: a path may hold what the owner keeps secret.</summary>
    private static Activity? StartSpan(Delivery delivery, WebhookEvent recorded, Uri url)
    {
        if (!ActivityContext.TryParse(recorded.TraceParent, null, isRemote: true, out var parent)
            || !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)) return null;
        var span = IndexerTelemetry.Source.StartActivity("deliver webhook", ActivityKind.Client, parent);
        span?.SetTag("server.address", url.IdnHost).SetTag("server.port", url.Port)
            .SetTag("http.request.resend_count", delivery.Try - 1)
            .SetTag(IndexerTelemetry.MessageId, delivery.EventId)
            .SetTag("orders.webhook.id", delivery.SubscriptionId);
        return span;
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage reply, DateTimeOffset now) =>
        reply.Headers.RetryAfter is { } asked ? asked.Delta ?? (asked.Date - now) : null;

    /// <summary>The beginning of the body. The status has decided already: a body that breaks off changes nothing.</summary>
    private async Task<string?> ExcerptAsync(HttpResponseMessage reply, CancellationToken cancel)
    {
        if (_options.ResponseBytesMax == 0) return null;
        var buffer = new byte[_options.ResponseBytesMax];
        var length = 0;
        try
        {
            await using var body = await reply.Content.ReadAsStreamAsync(cancel);
            length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            // What was read so far is not worth a distinction.
        }

        return length == 0 ? null : Printable(Encoding.UTF8.GetString(buffer, 0, length));
    }

    /// <summary>The database's JSON takes no U+0000, and nobody wants to read the other control characters.</summary>
    private static string Printable(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = char.IsControl(source[i]) && source[i] != '\n' ? ' ' : source[i];
        });

    private static string ErrorOf(Exception failure)
    {
        if (failure is TargetNotAllowedException || failure.InnerException is TargetNotAllowedException)
            return AttemptErrors.AddressNotAllowed;
        return (failure as HttpRequestException)?.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => AttemptErrors.NameNotResolved,
            HttpRequestError.SecureConnectionError => AttemptErrors.TlsFailed,
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.HttpProtocolError =>
                AttemptErrors.InvalidReply,
            _ => AttemptErrors.ConnectionFailed,
        };
    }
}

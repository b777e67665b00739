using Microsoft.AspNetCore.Http.Features;

namespace Orders.Api.Http;

/// <summary>
/// HEAD wherever GET is (RFC 9110): the endpoint answers as to GET, and its body is measured instead of sent. A body without a known end,
/// such as an export or a stream of events, is ended at its first byte: its headers are all that was asked for.
/// </summary>
internal static class HeadRequests
{
    /// <summary>Goes before routing, which knows no HEAD.</summary>
    public static void UseHead(this IApplicationBuilder app) => app.Use((context, next) =>
        HttpMethods.IsHead(context.Request.Method) ? AnswerAsync(context, next) : next(context));

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        await using var measured = new Measured(context.Response, body, enough);
        context.Request.Method = HttpMethods.Get;
        var lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        context.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(lifetime, measured) { RequestAborted = enough.Token });
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(measured));
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (measured.IsEnded)
        {
            // Ended here: the headers are out, and the rest is not wanted.
        }
        finally
        {
            context.Features.Set(lifetime);
            context.Features.Set(body);
            context.Request.Method = HttpMethods.Head;
        }

        if (!measured.IsEnded && context.Response.ContentLength is null && measured.Length > 0)
            context.Response.ContentLength = measured.Length;
    }

    /// <summary>An endpoint cuts the connection when its body has no proper end; after HEAD that must not take the headers along.</summary>
    private sealed class Lifetime(IHttpRequestLifetimeFeature real, Measured measured) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort()
        {
            if (!measured.IsEnded) real.Abort();
        }
    }

    /// <summary>Takes a body and keeps its length alone.</summary>
    private sealed class Measured(HttpResponse response, IHttpResponseBodyFeature real, CancellationTokenSource enough) : Stream
    {
        private static readonly string[] Endless = ["text/event-stream", "application/x-ndjson", "text/csv"];

        private long _length;

        public bool IsEnded { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position
        {
            get => _length;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => _length += buffer.Length;

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _length += buffer.Length;
            if (buffer.IsEmpty || IsEnded || !IsEndless()) return;
            IsEnded = true;
            // The headers leave as they are now: what ends the work is no failure that should have a reply of its own.
            await real.StartAsync(cancellationToken);
            await enough.CancelAsync();
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private bool IsEndless() => response.ContentType is { } type
            && Array.Exists(Endless, endless => type.StartsWith(endless, StringComparison.OrdinalIgnoreCase));
    }
}

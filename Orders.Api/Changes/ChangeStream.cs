using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Orders.Api.Access;
using Orders.Api.Http;

namespace Orders.Api.Changes;

/// <summary>One stream, from its head to its end: the caller leaves, the key is no longer good, or the process stops.</summary>
internal sealed class ChangeStream(ChangeQuery query, IDisposable seat) : IResult
{
    /// <summary>Browsers come back after that many milliseconds.</summary>
    private const int RetryMilliseconds = 1000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var taken = seat;
        var services = httpContext.RequestServices;
        var feed = services.GetRequiredService<ChangeFeed>();
        var heartbeat = services.GetRequiredService<IOptions<ChangeOptions>>().Value.HeartbeatInterval;
        var time = services.GetRequiredService<TimeProvider>();
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await BeginAsync(httpContext, end.Token);
            var writer = httpContext.Response.BodyWriter;
            var beaten = time.GetTimestamp();
            while (!end.IsCancellationRequested)
            {
                var page = await feed.FollowAsync(query, end.Token);
                if (page.Items.Count > 0) await WriteAsync(writer, page.Items, end.Token);
                query = query with { After = page.Next };
                var silence = time.GetElapsedTime(beaten);
                if (silence >= heartbeat)
                {
                    if (!await Readmission.IsStillGoodAsync(httpContext, end.Token)) return;
                    await BeatAsync(writer, query.After, end.Token);
                    beaten = time.GetTimestamp();
                }
                else if (page.Next >= page.Newest) await WaitAsync(feed, query.After, heartbeat - silence, time, end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end of a stream is nobody's failure.
        }
        catch (Exception error) when (ExceptionReplies.IsDatabaseAway(error))
        {
            // The caller comes back by itself and goes on where it was.
        }
    }

    private async Task BeginAsync(HttpContext context, CancellationToken cancel)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // Proxies that collect replies would hold the events back.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.BodyWriter.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"retry: {RetryMilliseconds}\nid: {query.After}\n\n")));
        await context.Response.BodyWriter.FlushAsync(cancel);
    }

    private static async Task WriteAsync(PipeWriter writer, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        foreach (var change in changes)
        {
            writer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"id: {change.Position}\nevent: {change.Type}\ndata: ")));
            WriteLines(writer, change.Json);
            writer.Write("\n\n"u8);
        }

        // Comes back when the connection has room: nothing more is read for a caller who does not keep up.
        await writer.FlushAsync(cancel);
    }

    /// <summary>A line break inside would end the event: between the tokens of JSON it means nothing, so each line is a
    /// field.</summary>
    private static void WriteLines(PipeWriter writer, ReadOnlySpan<byte> json)
    {
        while (json.IndexOfAny((byte)'\n', (byte)'\r') is var at and >= 0)
        {
            writer.Write(json[..at]);
            writer.Write("\ndata: "u8);
            json = json[(at + 1)..];
        }

        writer.Write(json);
    }

    /// <summary>A comment, and the position: what was passed over need not be looked through again after a break.</summary>
    private static async Task BeatAsync(PipeWriter writer, long position, CancellationToken cancel)
    {
        writer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $": \nid: {position}\n\n")));
        await writer.FlushAsync(cancel);
    }

    private static async Task WaitAsync(ChangeFeed feed, long after, TimeSpan atMost, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            await feed.Tail.WaitAsync(after, atMost, time, cancel);
        }
        catch (TimeoutException)
        {
            // Time for a heartbeat.
        }
    }
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Support;

/// <summary>
/// An OTLP/HTTP receiver that keeps, per trace, the spans that arrived: service, name and source. It reads only the fields
/// it needs from the protobuf (opentelemetry-proto, trace/v1/trace.proto and resource/v1/resource.proto). Besides, it looks for
/// watched texts in whatever arrives, logs and metrics too: protobuf holds texts as they are, so no field is missed.
/// </summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentBag<CollectedSpan>> _spans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _sightings = new(StringComparer.Ordinal);
    private WebApplication _web = null!;

    public string Address { get; private set; } = "";

    public static async Task<TraceCollector> StartAsync()
    {
        var collector = new TraceCollector();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        collector._web = builder.Build();
        collector._web.Run(collector.ReceiveAsync);
        await collector._web.StartAsync();
        collector.Address = collector._web.Urls.Single();
        return collector;
    }

    /// <summary>The spans of one trace so far.</summary>
    public IReadOnlyCollection<CollectedSpan> SpansOf(string traceId) =>
        _spans.TryGetValue(traceId, out var spans) ? [.. spans] : [];

    /// <summary>From now on notes where this text is seen.</summary>
    public void Watch(string text) => _sightings.TryAdd(text, []);

    /// <summary>Where a watched text was seen so far: <c>/v1/logs</c> or the like, and what stood around it.</summary>
    public IReadOnlyCollection<string> Sightings(string text) => [.. _sightings[text]];

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        foreach (var (text, seen) in _sightings) Look(bytes, text, seen, context.Request.Path.Value!);
        if (context.Request.Path.Value?.EndsWith("/v1/traces", StringComparison.Ordinal) == true) Read(bytes);
        context.Response.ContentType = "application/x-protobuf";
    }

    private static void Look(ReadOnlySpan<byte> bytes, string text, ConcurrentQueue<string> seen, string path)
    {
        const int Around = 150;
        if (bytes.IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) is var at && at < 0) return;
        var from = Math.Max(0, at - Around);
        var context = System.Text.Encoding.UTF8.GetString(bytes[from..Math.Min(bytes.Length, at + text.Length + Around)]);
        seen.Enqueue($"{path}: {string.Concat(context.Select(c => char.IsControl(c) ? ' ' : c))}");
    }

    private void Read(ReadOnlyMemory<byte> request)
    {
        foreach (var resourceSpans in ProtoReader.Messages(request, 1))
        {
            var service = ServiceName(resourceSpans);
            foreach (var scopeSpans in ProtoReader.Messages(resourceSpans, 2))
            {
                var source = ProtoReader.Messages(scopeSpans, 1).Select(scope => ProtoReader.Text(scope, 1)).FirstOrDefault("");
                foreach (var span in ProtoReader.Messages(scopeSpans, 2))
                {
                    var trace = Convert.ToHexStringLower(ProtoReader.Messages(span, 1).Single().Span);
                    var name = ProtoReader.Text(span, 5);
                    _spans.GetOrAdd(trace, _ => []).Add(new CollectedSpan(service, source, name));
                }
            }
        }
    }

    private static string ServiceName(ReadOnlyMemory<byte> resourceSpans) =>
        ProtoReader.Messages(resourceSpans, 1)
            .SelectMany(resource => ProtoReader.Messages(resource, 1))
            .Where(attribute => ProtoReader.Text(attribute, 1) == "service.name")
            .SelectMany(attribute => ProtoReader.Messages(attribute, 2))
            .Select(value => ProtoReader.Text(value, 1))
            .FirstOrDefault("");
}

internal sealed record CollectedSpan(string Service, string Source, string Name);

/// <summary>Just enough of the protobuf wire format to find length-delimited fields by number.</summary>
internal static class ProtoReader
{
    public static string Text(ReadOnlyMemory<byte> message, int field) =>
        System.Text.Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault().Span);

    public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            switch (tag & 7)
            {
                case 0: Varint(message.Span, ref at); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    if ((int)(tag >> 3) == field) yield return message.Slice(at, length);
                    at += length;
                    break;
                default: throw new InvalidDataException($"wire type {tag & 7} is not known");
            }
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}

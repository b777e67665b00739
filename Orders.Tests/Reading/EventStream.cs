using System.Net;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Reading;

/// <summary>One event of a stream, as it came.</summary>
internal sealed record StreamedEvent(long Id, string Type, string Data)
{
    public string OrderId => JsonSerializer.Deserialize<JsonElement>(Data).GetProperty("order").GetProperty("id").GetString()!;

    public int Version => JsonSerializer.Deserialize<JsonElement>(Data).GetProperty("order").GetProperty("version").GetInt32();
}

/// <summary>A client of <c>GET /v1/orders/stream</c>, as a browser is one.</summary>
internal sealed class EventStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpResponseMessage _reply;
    private readonly StreamReader _lines;

    private EventStream(HttpResponseMessage reply, Stream body)
    {
        _reply = reply;
        _lines = new StreamReader(body);
    }

    /// <summary>The id that a client would come back with.</summary>
    public long LastId { get; private set; }

    /// <summary>Comments that came.</summary>
    public int Comments { get; private set; }

    public HttpResponseMessage Reply => _reply;

    /// <summary>Opens the stream and reads its head.</summary>
    public static async Task<EventStream> OpenAsync(HttpClient client, string query = "", long? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/orders/stream" + query);
        if (lastId is not null) request.Headers.TryAddWithoutValidation("Last-Event-ID", $"{lastId}");
        var reply = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await Shop.Expect(reply, HttpStatusCode.OK);
        var stream = new EventStream(reply, await reply.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 1000", await stream.LineAsync());
        stream.Take((await stream.LineAsync())!);
        Assert.Equal("", await stream.LineAsync());
        return stream;
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<StreamedEvent?> NextAsync()
    {
        var (type, data) = ("", new List<string>());
        while (await LineAsync() is { } line)
        {
            if (line.Length > 0) Take(line);
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data.Add(line["data: ".Length..]);
            else if (line.Length == 0 && data.Count > 0) return new StreamedEvent(LastId, type, string.Join('\n', data));
        }

        return null;
    }

    /// <summary>Reads events up to and including the first one that is wanted.</summary>
    public async Task<List<StreamedEvent>> UntilAsync(Func<StreamedEvent, bool> wanted)
    {
        var seen = new List<StreamedEvent>();
        do seen.Add(await NextAsync() ?? throw new EndOfStreamException($"the stream ended after {seen.Count} events"));
        while (!wanted(seen[^1]));
        return seen;
    }

    /// <summary>Reads until the server ends the stream.</summary>
    public async Task EndAsync()
    {
        while (await NextAsync() is not null)
        {
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _reply.Dispose();
    }

    private void Take(string line)
    {
        if (line.StartsWith("id: ", StringComparison.Ordinal)) LastId = long.Parse(line["id: ".Length..], null);
        if (line.StartsWith(':')) Comments++;
    }

    private async Task<string?> LineAsync() => await _lines.ReadLineAsync().WaitAsync(Patience);
}

using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Orders.Tests.Robustness;

/// <summary>A reply as it came off the wire; <see cref="Status"/> 0: the server closed the connection without one.</summary>
internal sealed record RawReply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static readonly RawReply None = new(0, new Dictionary<string, string>(), []);

    public string Text => Encoding.UTF8.GetString(Body);

    public string MediaType => Headers.GetValueOrDefault("content-type", "").Split(';')[0];
}

/// <summary>
/// HTTP/1.1 by hand: what a well-behaved client would not let out (broken headers, paths, lengths) goes out as it is. One connection,
/// kept alive as long as the server keeps it.
/// </summary>
internal sealed class RawConnection(Uri server) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _client;
    private int _start;
    private int _end;

    /// <param name="request">Head and body.</param>
    /// <param name="thenEnd">Says that nothing more will come, where a body is shorter than announced.</param>
    /// <param name="cancel">The deadline.</param>
    public async Task<RawReply> SendAsync(ReadOnlyMemory<byte> request, bool thenEnd, CancellationToken cancel)
    {
        var stream = await OpenAsync(cancel);
        try
        {
            await stream.WriteAsync(request, cancel);
            if (thenEnd) _client!.Client.Shutdown(SocketShutdown.Send);
        }
        catch (IOException)
        {
            // Refused while still on its way: the reply may be here all the same.
        }

        try
        {
            var reply = await ReadAsync(stream, request.Span.StartsWith("HEAD "u8), cancel);
            if (thenEnd || reply.Status == 0 || reply.Headers.GetValueOrDefault("connection") == "close") Dispose();
            return reply;
        }
        catch (IOException)
        {
            Dispose();
            return RawReply.None;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
        _start = _end = 0;
    }

    private async Task<NetworkStream> OpenAsync(CancellationToken cancel)
    {
        if (_client is null)
        {
            _client = new TcpClient { NoDelay = true };
            await _client.ConnectAsync(server.Host, server.Port, cancel);
        }

        return _client.GetStream();
    }

    private async Task<RawReply> ReadAsync(NetworkStream stream, bool headOnly, CancellationToken cancel)
    {
        string? line;
        do
        {
            line = await LineAsync(stream, cancel);
            if (line is null) return RawReply.None;
        }
        while (line.Length == 0);

        var status = int.Parse(line.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(stream, cancel) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':');
            headers[header[..colon]] = header[(colon + 1)..].Trim();
        }

        if (status < 200) return await ReadAsync(stream, headOnly, cancel);
        var bare = headOnly || status is 204 or 304;
        // A stream of events has no end: that it begins is all there is to see.
        if (headers.GetValueOrDefault("content-type", "").StartsWith("text/event-stream", StringComparison.Ordinal))
        {
            headers["connection"] = "close";
            bare = true;
        }

        return new RawReply(status, headers, bare ? [] : await BodyAsync(stream, headers, cancel));
    }

    private async Task<byte[]> BodyAsync(NetworkStream stream, Dictionary<string, string> headers, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        if (headers.TryGetValue("content-length", out var length))
        {
            await CopyAsync(stream, body, int.Parse(length, CultureInfo.InvariantCulture), cancel);
        }
        else if (headers.GetValueOrDefault("transfer-encoding") == "chunked")
        {
            for (var size = -1; size != 0; await LineAsync(stream, cancel))
            {
                size = int.Parse((await LineAsync(stream, cancel))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                await CopyAsync(stream, body, size, cancel);
            }
        }
        else
        {
            while (await FillAsync(stream, cancel)) Take(body, _end - _start);
            headers["connection"] = "close";
        }

        return body.ToArray();
    }

    private async Task CopyAsync(NetworkStream stream, MemoryStream body, int count, CancellationToken cancel)
    {
        while (count > 0)
        {
            if (_start == _end && !await FillAsync(stream, cancel)) throw new IOException("the reply's body ends too early");
            var taken = Math.Min(count, _end - _start);
            Take(body, taken);
            count -= taken;
        }
    }

    private void Take(MemoryStream body, int count)
    {
        body.Write(_buffer, _start, count);
        _start += count;
    }

    private async Task<string?> LineAsync(NetworkStream stream, CancellationToken cancel)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end && !await FillAsync(stream, cancel)) return line.Length == 0 ? null : throw new IOException("half a line");
            var letter = (char)_buffer[_start++];
            if (letter == '\n') return line.ToString();
            if (letter != '\r') line.Append(letter);
        }
    }

    private async Task<bool> FillAsync(NetworkStream stream, CancellationToken cancel)
    {
        (_start, _end) = (0, await stream.ReadAsync(_buffer, cancel));
        return _end > 0;
    }
}

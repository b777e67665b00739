using System.Net.Sockets;
using System.Text;

namespace Orders.Tests.Reading;

/// <summary>
/// A caller with the smallest of buffers who reads nothing until asked to. The server ends such a stream when it is too slow for
/// too long; like every client of server-sent events it then comes back with the last id that it has.
/// </summary>
internal sealed class SlowReader : IDisposable
{
    private readonly Uri _api;
    private readonly string _token;
    private Socket? _socket;
    private long? _lastId;

    private SlowReader(Uri api, string token) => (_api, _token) = (api, token);

    public static async Task<SlowReader> OpenAsync(Uri api, string token)
    {
        var reader = new SlowReader(api, token);
        await reader.ConnectAsync();
        return reader;
    }

    /// <summary>The ids of all whole events up to that one.</summary>
    public async Task<List<long>> UntilAsync(long last)
    {
        var ids = new List<long>();
        for (var connections = 1; connections <= 20; connections++)
        {
            await ReadAsync(ids, last);
            if (ids.Count > 0 && ids[^1] == last) break;
            _socket!.Dispose();
            await ConnectAsync();
        }

        return ids;
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>Asked in HTTP 1.0, the server writes events without frames of its own.</summary>
    private async Task ConnectAsync()
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await _socket.ConnectAsync(_api.Host, _api.Port);
        var resume = _lastId is null ? "" : $"Last-Event-ID: {_lastId}\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/orders/stream HTTP/1.0\r\nHost: {_api.Authority}\r\nAuthorization: Bearer {_token}\r\n{resume}\r\n"));
        var head = new byte[12];
        await _socket.ReceiveAsync(head);
        Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(head));
    }

    private async Task ReadAsync(List<long> ids, long last)
    {
        using var lines = new StreamReader(new NetworkStream(_socket!));
        var (id, isEvent) = ((long?)null, false);
        try
        {
            while (await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..], null);
                isEvent |= line.StartsWith("event: ", StringComparison.Ordinal);
                if (line.Length > 0) continue;
                // An empty line ends an event or a sign of life; what was cut off before counts as neither.
                _lastId = id ?? _lastId;
                if (isEvent) ids.Add(id!.Value);
                if (isEvent && id == last) return;
                (id, isEvent) = (null, false);
            }
        }
        catch (IOException)
        {
            return;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orders.Tests.Support;

/// <summary>Stands between a client and the database and breaks connections where it is told to.</summary>
internal sealed class DatabaseProxy : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private volatile bool _loses;
    private volatile bool _refuses;

    public DatabaseProxy(string connection)
    {
        _target = new NpgsqlConnectionStringBuilder(connection);
        _listener.Start();
        Connection = new NpgsqlConnectionStringBuilder(connection)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Timeout = 5,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string Connection { get; }

    /// <summary>What is asked still arrives; the first reply breaks the connection instead of getting through.</summary>
    public void LoseReplies() => _loses = true;

    /// <summary>Nothing gets through any more.</summary>
    public void Cut()
    {
        _refuses = true;
        CloseAll();
    }

    public void Mend() => _loses = _refuses = false;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        CloseAll();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            if (_refuses) return;
            await server.ConnectAsync(_target.Host!, _target.Port);
            lock (_open) _open.AddRange([client, server]);
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), isReply: false),
                PumpAsync(server.GetStream(), client.GetStream(), isReply: true));
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool isReply)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReadAsync(buffer) is var read and > 0)
            {
                if (isReply && _loses) return;
                await to.WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // One end is gone, and with it the other.
        }
    }

    private void CloseAll()
    {
        lock (_open)
        {
            foreach (var client in _open) client.Dispose();
            _open.Clear();
        }
    }
}

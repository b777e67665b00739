using System.Net;
using System.Net.Sockets;

namespace Orders.Tests.Access;

/// <summary>A wire to a server that can be cut and mended.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private CancellationTokenSource _open = new();
    private TcpListener _listener = new(IPAddress.Loopback, 0);

    private Relay(string host, int port) => (_host, _port) = (host, port);

    public int Port { get; private set; }

    public static Relay To(string host, int port)
    {
        var relay = new Relay(host, port);
        relay.Listen();
        relay.Port = ((IPEndPoint)relay._listener.LocalEndpoint).Port;
        return relay;
    }

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        _listener.Stop();
        _open.Cancel();
    }

    public void Mend()
    {
        _open = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        Listen();
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        _open.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Listen()
    {
        _listener.Start();
        _ = AcceptAsync(_listener, _open.Token);
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken cut)
    {
        try
        {
            while (true) _ = CarryAsync(await listener.AcceptTcpClientAsync(cut), cut);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task CarryAsync(TcpClient near, CancellationToken cut)
    {
        using var far = new TcpClient { NoDelay = true };
        using (near)
        {
            try
            {
                near.NoDelay = true;
                await far.ConnectAsync(_host, _port, cut);
                await Task.WhenAny(
                    near.GetStream().CopyToAsync(far.GetStream(), cut), far.GetStream().CopyToAsync(near.GetStream(), cut));
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or IOException)
            {
                // One of the ends is gone, and with it the connection.
            }
        }
    }
}

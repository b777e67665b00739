using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Orders.LocalServers;

/// <summary>
/// Hands out TCP ports of 127.0.0.1 that nobody listens on. They lie below the range from which the kernel takes the ports of
/// outgoing connections: while a server restarts, such a connection could take its port, even a client's that is trying to reach
/// that very server (it then connects to itself).
/// </summary>
public static class FreePort
{
    private const int First = 20000;
    private const int KernelRangeStart = 32768;

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port that is free now and that this process has not been given before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, KernelRangeStart);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}

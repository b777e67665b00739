using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orders.LocalServers;

/// <summary>
/// A broker that was killed stays registered in ZooKeeper until its session expires, and Kafka 0.9 refuses to start while "itself" is
/// registered. Broker 0 is the only one and its data folder is locked by this AppHost, so its left-over nodes may be deleted.
/// </summary>
internal static class ZooKeeperNodes
{
    private const int Delete = 2;
    private const int CloseSession = -11;
    private const int Ok = 0;
    private const int NoNode = -101;
    private static readonly string[] OfTheBroker = ["/brokers/ids/0", "/controller"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until ZooKeeper answers, then deletes the nodes.</summary>
    /// <exception cref="TimeoutException">ZooKeeper did not answer within a minute.</exception>
    public static async Task ForgetBrokerAsync(int port, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await DeleteAsync(port, cancel);
                return;
            }
            // Also the end of the stream: ZooKeeper listens a moment before it serves.
            catch (Exception error) when (error is SocketException or IOException)
            {
                if (TimeProvider.System.GetElapsedTime(started) > Patience)
                    throw new TimeoutException($"ZooKeeper on port {port} has been silent for {Patience.TotalSeconds} s: {error.Message}");
                await Task.Delay(Pause, TimeProvider.System, cancel);
            }
        }
    }

    private static async Task DeleteAsync(int port, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        await using var stream = new NetworkStream(socket);
        // Connect: protocol version, last transaction seen, session time-out in ms, session id, a password of 16 bytes.
        await CallAsync(stream, new Request().Int(0).Long(0).Int(10_000).Long(0).Bytes(new byte[16]), cancel);
        for (var i = 0; i < OfTheBroker.Length; i++)
        {
            // Header: request number, kind. Then path and version (-1: any). The reply: number, transaction (8 bytes), error.
            var reply = await CallAsync(stream, new Request().Int(i + 1).Int(Delete).Text(OfTheBroker[i]).Int(-1), cancel);
            var error = BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
            if (error is not (Ok or NoNode)) throw new IOException($"deleting {OfTheBroker[i]} answered {error}");
        }

        await stream.WriteAsync(new Request().Int(OfTheBroker.Length + 1).Int(CloseSession).ToArray(), cancel);
    }

    private static async Task<byte[]> CallAsync(NetworkStream stream, Request request, CancellationToken cancel)
    {
        const int ReplyBytesMax = 4096;
        await stream.WriteAsync(request.ToArray(), cancel);
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, cancel);
        var reply = new byte[Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(length), 16, ReplyBytesMax)];
        await stream.ReadExactlyAsync(reply, cancel);
        return reply;
    }

    /// <summary>A packet of the protocol: big-endian, its length in front.</summary>
    private sealed class Request
    {
        private readonly List<byte> _bytes = [];

        public Request Int(int value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            _bytes.AddRange(bytes);
            return this;
        }

        public Request Long(long value) => Int((int)(value >> 32)).Int((int)value);

        public Request Bytes(ReadOnlySpan<byte> value)
        {
            Int(value.Length);
            _bytes.AddRange(value);
            return this;
        }

        public Request Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

        public byte[] ToArray() => [.. new Request().Int(_bytes.Count)._bytes, .. _bytes];
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Orders.Native.Servers.Probing;

/// <summary>Metadata request v0, which every broker since 0.8 answers.</summary>
internal static class KafkaProbe
{
    private const int ReplyBytesMax = 1 << 20;

    // Length, api key 3 (metadata), version 0, correlation id 1, client id "probe", and one topic name that is not valid: asking for
    // all topics would make the answer grow with them, a valid name could create a topic.
    private static readonly byte[] Request =
        [0, 0, 0, 22, 0, 3, 0, 0, 0, 0, 0, 1, 0, 5, .. "probe"u8, 0, 0, 0, 1, 0, 1, (byte)'?'];

    public static async Task<string?> AskAsync(int port, CancellationToken cancellationToken)
    {
        await using var stream = await LocalSocket.ConnectAsync(port, cancellationToken);
        await stream.WriteAsync(Request, cancellationToken);
        var prefix = new byte[4];
        await stream.ReadExactlyAsync(prefix, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 8 or > ReplyBytesMax)
        {
            return $"kafka: a metadata reply of {length} bytes";
        }

        var reply = new byte[length];
        await stream.ReadExactlyAsync(reply, cancellationToken);
        return Judge(reply, port);
    }

    // Correlation id, then the brokers: id, host, port.
    private static string? Judge(ReadOnlySpan<byte> reply, int port)
    {
        var brokers = BinaryPrimitives.ReadInt32BigEndian(reply[4..]);
        if (brokers == 0)
        {
            return "kafka: the broker has no controller yet";
        }

        var hostLength = BinaryPrimitives.ReadInt16BigEndian(reply[12..]);
        var host = Encoding.UTF8.GetString(reply.Slice(14, hostLength));
        var advertised = BinaryPrimitives.ReadInt32BigEndian(reply[(14 + hostLength)..]);
        return advertised == port ? null : $"kafka: the broker still advertises {host}:{advertised}";
    }
}

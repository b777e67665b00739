using System.Buffers.Binary;
using System.Text;

namespace Orders.Native.Servers.Probing;

/// <summary>
/// A metadata request of version 0, which every broker since 0.8 answers. Asking for a topic that does not exist creates it, where
/// the broker allows that.
/// </summary>
internal sealed class KafkaMetadata
{
    private const short MetadataKey = 3;
    private const int ReplyBytesMax = 1 << 20;

    private byte[] _bytes = [];
    private int _at;

    /// <summary>The ports under which brokers are listed; none while the broker has no controller.</summary>
    public List<int> BrokerPorts { get; } = [];

    /// <summary>The topics asked for of which a partition has no leader, or that do not exist (yet).</summary>
    public List<string> TopicsNotReady { get; } = [];

    public static async Task<KafkaMetadata> AskAsync(int port, IReadOnlyCollection<string> topics, CancellationToken cancellationToken)
    {
        await using var stream = await LocalSocket.ConnectAsync(port, cancellationToken);
        await stream.WriteAsync(Request(topics), cancellationToken);
        var prefix = new byte[4];
        await stream.ReadExactlyAsync(prefix, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 12 or > ReplyBytesMax)
        {
            throw new IOException($"a metadata reply of {length} bytes");
        }

        var reply = new KafkaMetadata { _bytes = new byte[length] };
        await stream.ReadExactlyAsync(reply._bytes, cancellationToken);
        reply.Parse();
        return reply;
    }

    private static byte[] Request(IReadOnlyCollection<string> topics)
    {
        var body = new MemoryStream();
        body.Write([0, 0, 0, 0]);
        PutInt16(body, MetadataKey);
        PutInt16(body, 0);
        PutInt32(body, 1);
        PutString(body, "orders-native");
        PutInt32(body, topics.Count);
        foreach (var topic in topics)
        {
            PutString(body, topic);
        }

        var request = body.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length - 4);
        return request;
    }

    private void Parse()
    {
        _at = 4;
        for (var brokers = Int32(); brokers > 0; brokers--)
        {
            Int32();
            Text();
            BrokerPorts.Add(Int32());
        }

        for (var topics = Int32(); topics > 0; topics--)
        {
            var ready = Int16() == 0;
            var name = Text();
            for (var partitions = Int32(); partitions > 0; partitions--)
            {
                ready &= Int16() == 0;
                Int32();
                ready &= Int32() >= 0;
                SkipInt32s(); // replicas
                SkipInt32s(); // in-sync replicas
            }

            if (!ready)
            {
                TopicsNotReady.Add(name);
            }
        }
    }

    private short Int16() => BinaryPrimitives.ReadInt16BigEndian(_bytes.AsSpan((_at += 2) - 2));

    private int Int32() => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan((_at += 4) - 4));

    // The count moves the position itself, so it is read before the position is added to.
    private void SkipInt32s()
    {
        var count = Int32();
        _at += 4 * count;
    }

    private string Text()
    {
        int length = Int16();
        return Encoding.UTF8.GetString(_bytes.AsSpan((_at += length) - length, length));
    }

    private static void PutInt16(Stream to, short value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        to.Write(bytes);
    }

    private static void PutInt32(Stream to, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        to.Write(bytes);
    }

    private static void PutString(Stream to, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        PutInt16(to, (short)bytes.Length);
        to.Write(bytes);
    }
}

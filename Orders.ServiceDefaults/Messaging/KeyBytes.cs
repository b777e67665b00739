using System.Text;
using Confluent.Kafka;

namespace Orders.ServiceDefaults.Messaging;

/// <summary>
/// Keys as strings of one character per byte: whatever bytes a producer wrote as key, a dead letter returns the same ones and sends the
/// same ones again.
/// </summary>
public static class KeyBytes
{
    public static IDeserializer<string> Deserializer { get; } = new Latin1();

    public static ISerializer<string> Serializer { get; } = new Latin1();

    public static string? TextOf(byte[]? key) => key is null ? null : Encoding.Latin1.GetString(key);

    public static byte[]? Of(string? key) => key is null ? null : Encoding.Latin1.GetBytes(key);

    private sealed class Latin1 : IDeserializer<string>, ISerializer<string>
    {
        public byte[] Serialize(string data, SerializationContext context) => data is null ? null! : Encoding.Latin1.GetBytes(data);

        public string Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            isNull ? null! : Encoding.Latin1.GetString(data);
    }
}

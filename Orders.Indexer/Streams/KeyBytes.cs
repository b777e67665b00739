using System.Text;
using Confluent.Kafka;

namespace Orders.Indexer.Streams;

/// <summary>
/// Keys as strings of one character per byte: whatever bytes a producer wrote as key, a dead letter returns the same ones.
/// </summary>
internal static class KeyBytes
{
    public static IDeserializer<string> Deserializer { get; } = new Latin1();

    public static byte[]? Of(string? key) => key is null ? null : Encoding.Latin1.GetBytes(key);

    private sealed class Latin1 : IDeserializer<string>
    {
        public string Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            isNull ? null! : Encoding.Latin1.GetString(data);
    }
}

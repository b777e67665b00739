using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Orders.Contracts;
using Orders.ServiceDefaults.Messaging;

namespace Orders.Api.DeadLetters;

/// <summary>A dead letter as it is copied from its topic.</summary>
/// <param name="Id">
/// Made of what the letter is about: the group, the record's place and its bytes. A letter that is delivered again, or that was written
/// twice because its writer died in between, is the same one.
/// </param>
/// <param name="Letter">What it says.</param>
internal sealed record CopiedLetter(string Id, DeadLetter Letter)
{
    public const string IdPrefix = "dlt-";

    /// <summary>The reason of a record on a dead-letter topic that is no dead letter: kept all the same.</summary>
    public const string NotALetter = "not_a_dead_letter";

    public static CopiedLetter Read(ConsumeResult<string, byte[]> record, DateTimeOffset now)
    {
        var letter = TryRead(record.Message.Value) ?? new DeadLetter
        {
            Group = "", Topic = record.Topic, Partition = record.Partition.Value, Offset = record.Offset.Value, Reason = NotALetter,
            Detail = "the record on the dead-letter topic is no dead letter", FailedAt = now,
            Key = KeyBytes.Of(record.Message.Key), Value = record.Message.Value,
        };
        return new CopiedLetter(IdOf(letter), letter);
    }

    private static DeadLetter? TryRead(byte[]? value)
    {
        try
        {
            var letter = value is null ? null : JsonSerializer.Deserialize(value, OrdersJson.Default.DeadLetter);
            // Required members may still be null.
            return letter is { Group: not null, Topic: not null, Reason: not null, Detail: not null } ? letter : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string IdOf(DeadLetter letter)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(Encoding.UTF8.GetBytes($"{letter.Group}\n{letter.Topic}"));
        Span<byte> place = stackalloc byte[20];
        BinaryPrimitives.WriteInt32BigEndian(place, letter.Partition);
        BinaryPrimitives.WriteInt64BigEndian(place[4..], letter.Offset);
        BinaryPrimitives.WriteInt64BigEndian(place[12..], letter.ProducedAt?.ToUnixTimeMilliseconds() ?? 0);
        hash.AppendData(place);
        Append(letter.Key);
        Append(letter.Value);
        return IdPrefix + Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));

        void Append(byte[]? bytes)
        {
            hash.AppendData(BitConverter.GetBytes(bytes?.Length ?? -1));
            hash.AppendData(bytes ?? []);
        }
    }
}

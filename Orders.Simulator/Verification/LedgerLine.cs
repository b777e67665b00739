using System.Globalization;
using System.Text.Json;

namespace Orders.Simulator.Verification;

/// <summary>
/// A record as a line: JSON that begins with a sum over everything behind it, so that a line which is not as it was written is found
/// even where it still is JSON.
/// </summary>
internal static class LedgerLine
{
    private const int SumDigits = 16;

    /// <summary>Every line begins like this; what does not is no ledger.</summary>
    public static ReadOnlySpan<byte> Opening => "{\"sum\":\""u8;

    /// <summary>Bytes before those that are summed up.</summary>
    private static int HeadLength => Opening.Length + SumDigits + 2;

    /// <summary>With its end.</summary>
    public static byte[] Write(LedgerRecord record)
    {
        // The record is an object: without its brace it goes on where the sum ends.
        var json = JsonSerializer.SerializeToUtf8Bytes(record, LedgerJson.Default.LedgerRecord).AsSpan(1);
        var line = new byte[HeadLength + json.Length + 1];
        Opening.CopyTo(line);
        Sum(json).TryFormat(line.AsSpan(Opening.Length), out _, "x16", CultureInfo.InvariantCulture);
        "\","u8.CopyTo(line.AsSpan(HeadLength - 2));
        json.CopyTo(line.AsSpan(HeadLength));
        line[^1] = (byte)'\n';
        return line;
    }

    /// <param name="bytes">Without its end.</param>
    /// <returns>Null: damaged.</returns>
    public static LedgerRecord? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= HeadLength || !bytes.StartsWith(Opening)) return null;
        var json = bytes[HeadLength..];
        Span<byte> sum = stackalloc byte[SumDigits];
        Sum(json).TryFormat(sum, out _, "x16", CultureInfo.InvariantCulture);
        if (!bytes.Slice(Opening.Length, SumDigits).SequenceEqual(sum) || !bytes[..HeadLength].EndsWith("\","u8)) return null;
        try
        {
            // Unknown members are passed over, and the sum is one to the reader of records.
            return JsonSerializer.Deserialize(bytes, LedgerJson.Default.LedgerRecord);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>FNV-1a, 64 bits: any one byte that is another makes another sum.</summary>
    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xCBF29CE484222325;
        foreach (var value in bytes) sum = (sum ^ value) * 0x100000001B3;
        return sum;
    }
}
